import { onTestFinished } from 'vitest';

/** Closes it when the test is over, however it ends. */
export function closeAfter<T extends { close(): Promise<void> }>(thing: T): T {
  onTestFinished(() => thing.close());
  return thing;
}
