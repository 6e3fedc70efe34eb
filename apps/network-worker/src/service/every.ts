/** Something that happens again and again until it is stopped. */
export interface Repetition {
  /** No further round begins; resolves when the one under way has ended. */
  stop(): Promise<void>;
}

/**
 * Runs the task every `seconds`, never two rounds at a time; the first round comes after one interval.
 * @param onError told of a failed round; the next one is tried all the same
 */
export function every(
  seconds: number,
  task: () => Promise<void>,
  onError: (error: unknown) => void,
): Repetition {
  let round: Promise<void> | undefined;
  const timer = setInterval(() => {
    round ??= task()
      .catch(onError)
      .finally(() => (round = undefined));
  }, seconds * 1000);
  return {
    async stop() {
      clearInterval(timer);
      await round;
    },
  };
}
