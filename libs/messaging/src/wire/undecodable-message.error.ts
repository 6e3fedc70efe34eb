import type { ReplyAddress } from './reply-address.js';

/** A message that no request, and no notification, can be made of. */
export class UndecodableMessage extends Error {
  /**
   * @param pythonClass the built-in exception that tells a Python caller the same
   * @param replyTo who waits for an answer, when that much could be read
   */
  constructor(
    reason: string,
    readonly replyTo: ReplyAddress | undefined,
    readonly pythonClass: 'TypeError' | 'ValueError' = 'ValueError',
  ) {
    super(reason);
    this.name = 'UndecodableMessage';
  }
}
