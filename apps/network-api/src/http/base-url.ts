import type { Request } from 'express';

/** How the caller reached us: what links begin with. */
export function baseUrlOf(request: Request): string {
  return `${request.protocol}://${request.get('host') ?? 'localhost'}`;
}
