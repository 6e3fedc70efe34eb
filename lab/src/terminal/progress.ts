/** Tells the user what is going on, on stderr: each step with its time, and that it still goes on. */
export class Progress {
  /** The first step that failed. */
  failedStep = '';

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
    const finish = (mark: string) => {
      clearInterval(ticker);
      this.stream.write(`${isTerminal ? '\r\x1b[K' : ''}  ${mark} ${name} (${seconds()})\n`);
    };
    try {
      const result = await run();
      finish('✓');
      return result;
    } catch (error) {
      finish('✗');
      this.failedStep ||= name;
      throw error;
    }
  }

  say(text: string): void {
    this.stream.write(`${text}\n`);
  }
}
