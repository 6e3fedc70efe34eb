import { checkedBody } from './validation.js';

/** A part of a body, by its class, where only the request itself says which class that is. */
export function readBody<T extends object>(shape: new () => T, body: unknown): T {
  const read = checkedBody('refused').transform(body, { type: 'body', metatype: shape });
  if (read instanceof shape) return read;
  throw new Error(`what was read is no ${shape.name}`);
}
