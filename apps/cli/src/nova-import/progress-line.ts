import type { StatusLine } from '../terminal/waiting-line.js';

/** Nothing is shown of what is done by then. */
const PATIENCE_MS = 1000;
const PAUSE_MS = 100;

/** How far a long command is; nothing where no terminal is. */
export class ProgressLine {
  private readonly startedAt: number;
  private shownAt = 0;

  constructor(
    private readonly status: StatusLine | undefined,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.startedAt = now();
  }

  show(text: string): void {
    const now = this.now();
    if (!this.status || now - this.startedAt < PATIENCE_MS || now - this.shownAt < PAUSE_MS) return;
    this.shownAt = now;
    this.status.show(text);
  }

  /** What comes next begins on an empty line. */
  end(): void {
    if (this.shownAt > 0) this.status?.show('');
  }
}
