import { declaredNames } from '@novanet/contracts';
import type { Request } from 'express';
import { factsOf } from './request-facts.js';
import { checkedBody } from './validation.js';

/** A body, or a part of one, by its class: what the class does not have is refused, or by nova's older `/v2` dropped. */
export function readBody<T extends object>(shape: new () => T, body: unknown, request: Request): T {
  const unknownFields = factsOf(request).isLegacy ? 'ignored' : 'refused';
  const read = checkedBody(unknownFields).transform(body, { type: 'body', metatype: shape });
  if (read instanceof shape) return read;
  throw new Error(`a body with ${[...declaredNames(shape)].join(', ')} was not read`);
}
