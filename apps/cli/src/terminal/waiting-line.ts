/** Where a line can be shown and shown anew. */
export interface StatusLine {
  /** In the place of what was shown; an empty text clears it. */
  show(text: string): void;
}

const PATIENCE_MS = 1000;

/** Says on the terminal that an answer is waited for, when it does not come at once. */
export async function whileWaiting<T>(status: StatusLine | undefined, work: Promise<T>): Promise<T> {
  if (!status) return work;
  let seconds = 0;
  const timer = setInterval(() => {
    seconds += 1;
    status.show(`waiting for the worker … (${seconds}s)`);
  }, PATIENCE_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    if (seconds > 0) status.show('');
  }
}
