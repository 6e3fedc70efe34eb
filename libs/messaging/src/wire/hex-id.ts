import { randomUUID } from 'node:crypto';

/** 32 lower-case hex digits, as `_msg_id`, `_unique_id` and the ends of queue names are. */
export function hexId(): string {
  return randomUUID().replaceAll('-', '');
}
