import { createHash, randomUUID } from 'node:crypto';

const FORM = /^[0-9a-f]{32}$/;

/** 32 lower-case hex digits, as `_msg_id`, `_unique_id` and the ends of queue names are. */
export function hexId(): string {
  return randomUUID().replaceAll('-', '');
}

/** An id of that form for what a caller gave as one: the same for the same text, whatever its length. */
export function hexIdOf(text: string): string {
  return FORM.test(text) ? text : createHash('sha256').update(text).digest('hex').slice(0, 32);
}
