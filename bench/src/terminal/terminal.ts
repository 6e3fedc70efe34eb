/** The user wants to end. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted');
    this.name = 'Interrupted';
  }
}

/** Tells on stderr what goes on, and hears when the user has enough. */
export class Terminal {
  private readonly interruption = new AbortController();

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(name, () => this.interruption.abort());
    }
  }

  get isInterrupted(): boolean {
    return this.interruption.signal.aborted;
  }

  /** What makes the running step end early. */
  onInterrupt(task: () => void): void {
    this.interruption.signal.addEventListener('abort', task);
  }

  /** Runs a step, and shows its name and how long it took. Throws Interrupted instead of beginning another one. */
  async step<T>(name: string, run: () => Promise<T>): Promise<T> {
    if (this.isInterrupted) throw new Interrupted();
    const started = performance.now();
    const seconds = () => `${((performance.now() - started) / 1_000).toFixed(1)} s`;
    const isTerminal = this.stream.isTTY;
    this.stream.write(isTerminal ? `  … ${name}` : `  … ${name}\n`);
    const ticker = setInterval(
      () =>
        this.stream.write(isTerminal ? `\r  … ${name} (${seconds()})` : `  … ${name}: ${seconds()} so far\n`),
      isTerminal ? 1_000 : 10_000,
    );
    let mark = '✗';
    try {
      const result = await run();
      mark = '✓';
      return result;
    } catch (error) {
      // Whatever broke because the user wants to end is not worth a message.
      throw this.isInterrupted ? new Interrupted() : error;
    } finally {
      clearInterval(ticker);
      this.stream.write(`${isTerminal ? '\r\x1b[K' : ''}  ${mark} ${name} (${seconds()})\n`);
    }
  }
}
