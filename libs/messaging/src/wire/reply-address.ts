import { isRecord } from './is-record.js';

/** Where a caller waits, and for what. */
export interface ReplyAddress {
  readonly queue: string;
  readonly messageId: string;
}

/** Who waits for an answer, as far as the remains of a message tell: an object, or text that may be broken. */
export function recoverReplyAddress(remains: unknown): ReplyAddress | undefined {
  if (isRecord(remains)) return replyAddress(remains['_reply_q'], remains['_msg_id']);
  if (typeof remains !== 'string') return undefined;
  return replyAddress(findText(remains, '_reply_q'), findText(remains, '_msg_id'));
}

export function replyAddress(queue: unknown, messageId: unknown): ReplyAddress | undefined {
  if (typeof queue !== 'string' || typeof messageId !== 'string') return undefined;
  return queue === '' || messageId === '' ? undefined : { queue, messageId };
}

/** The quotes may be escaped: the text may be JSON in JSON. */
function findText(text: string, key: string): string | undefined {
  return new RegExp(`${key}\\\\*"\\s*:\\s*\\\\*"([^"\\\\]+)`).exec(text)?.[1];
}
