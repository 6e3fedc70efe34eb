import type { Request } from 'express';
import { baseUrlOf } from './base-url.js';

/** Where a list goes on. */
export interface NextLink {
  readonly rel: 'next';
  readonly href: string;
}

/** @param marker what the page ended with */
export function nextLink(request: Request, marker: string): NextLink {
  const [path = '', query = ''] = request.originalUrl.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set('marker', marker);
  return { rel: 'next', href: `${baseUrlOf(request)}${path}?${parameters.toString()}` };
}
