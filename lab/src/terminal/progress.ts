const success = '✓';
const failure = '✗';

/** Tells the user what is going on, on stderr: each step with its time, and that it still goes on. */
export class Progress {
  /** The first step that failed. */
  failedStep = '';

  private readonly running = new Set<NodeJS.Timeout>();

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  /** Runs a step, shows its name and how long it took. */
  async step<T>(name: string, run: () => Promise<T>): Promise<T> {
    const started = performance.now();
    const seconds = () => `${((performance.now() - started) / 1_000).toFixed(1)} s`;
    const isTerminal = this.stream.isTTY;
    this.stream.write(isTerminal ? `  … ${name}` : `  … ${name}\n`);
    const ticker = setInterval(
      () =>
        this.stream.write(isTerminal ? `\r  … ${name} (${seconds()})` : `  … ${name}: ${seconds()} so far\n`),
      isTerminal ? 1_000 : 10_000,
    );
    this.running.add(ticker);
    const finish = (mark: string) => {
      clearInterval(ticker);
      if (!this.running.delete(ticker)) return;
      this.stream.write(`${isTerminal ? '\r\x1b[K' : ''}  ${mark} ${name} (${seconds()})\n`);
      if (mark === failure) this.failedStep ||= name;
    };
    try {
      const result = await run();
      finish(success);
      return result;
    } catch (error) {
      finish(failure);
      throw error;
    }
  }

  /** What runs now was given up: how it ends is not shown. */
  forgetRunningSteps(): void {
    if (this.running.size > 0 && this.stream.isTTY) this.stream.write('\n');
    for (const ticker of this.running) clearInterval(ticker);
    this.running.clear();
  }

  say(text: string): void {
    this.stream.write(`${text}\n`);
  }
}
