/**
 * Runs the task once for all who ask while it runs: never two runs at a time, and always one that began after the last
 * request. Nobody waits; `onError` is told of a failed run.
 */
export class SharedRun {
  private running: Promise<void> | undefined;
  private isWanted = false;

  constructor(
    private readonly task: () => Promise<void>,
    private readonly onError: (error: unknown) => void,
  ) {}

  request(): void {
    this.isWanted = true;
    this.running ??= this.run();
  }

  /** Resolves when nothing runs any more. */
  async idle(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.isWanted) {
      this.isWanted = false;
      await this.task().catch(this.onError);
    }
    this.running = undefined;
  }
}
