/** Waits for all of them, then throws what the first one failed with: nothing goes on behind the caller's back. */
export async function allDone(tasks: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(tasks)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
