/**
 * Lets a number of callers through at a time; the others wait in order. mysql2's pool would queue them as well, but
 * forgets those in its queue when connecting fails.
 */
export class Gate {
  private free: number;
  private readonly waiting: (() => void)[] = [];
  private readonly idle: (() => void)[] = [];

  constructor(private readonly width: number) {
    this.free = width;
  }

  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  /** Resolves when nobody is inside. */
  async whenIdle(): Promise<void> {
    if (this.free === this.width) return;
    await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private leave(): void {
    const next = this.waiting.shift();
    if (next) return next();
    this.free += 1;
    if (this.free === this.width) for (const resolve of this.idle.splice(0)) resolve();
  }
}
