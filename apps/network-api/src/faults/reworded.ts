import type { HttpException } from '@nestjs/common';
import { RemoteError } from '@novanet/messaging';

/** What a worker answers where its FlatManager has no such method, or none that does anything. */
export const NOT_SUPPORTED = 'The requested functionality is not supported.';

/**
 * The worker's answer; what it refuses is told in the words that nova's API has for it.
 * @param words by the class of the worker's error
 */
export async function reworded(
  call: Promise<unknown>,
  words: Readonly<Record<string, (error: RemoteError) => HttpException>>,
): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    const word = error instanceof RemoteError ? words[error.className] : undefined;
    throw word && error instanceof RemoteError ? word(error) : error;
  }
}
