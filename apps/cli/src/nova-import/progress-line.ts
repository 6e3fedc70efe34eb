/** As much of standard error as is needed to show how far something is. */
export interface ProgressTerminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Nothing is shown of what is done by then. */
const PATIENCE_MS = 1000;
const PAUSE_MS = 100;
const CLEAR_LINE = '\r\u001B[K';

/** One line of a terminal that says how far a long command is; nothing where no terminal is. */
export class ProgressLine {
  private readonly startedAt = performance.now();
  private shownAt = 0;

  constructor(
    private readonly terminal: ProgressTerminal,
    private readonly now: () => number = () => performance.now(),
  ) {}

  show(text: string): void {
    const now = this.now();
    if (!this.terminal.isTTY || now - this.startedAt < PATIENCE_MS || now - this.shownAt < PAUSE_MS) return;
    this.shownAt = now;
    this.terminal.write(CLEAR_LINE + text);
  }

  /** What comes next begins on an empty line. */
  end(): void {
    if (this.shownAt > 0) this.terminal.write(CLEAR_LINE);
  }
}
