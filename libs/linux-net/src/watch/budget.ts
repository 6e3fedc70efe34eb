/** So many at once, and one more after each interval: what happens again and again is not answered each time. */
export class Budget {
  private left: number;
  private countedAt: number;

  constructor(
    private readonly most: number,
    private readonly refillMs: number,
    now = performance.now(),
  ) {
    this.left = most;
    this.countedAt = now;
  }

  /** Takes one and answers 0, or answers after how many milliseconds there is one. */
  take(now = performance.now()): number {
    this.left = Math.min(this.most, this.left + (now - this.countedAt) / this.refillMs);
    this.countedAt = now;
    if (this.left < 1) return Math.ceil((1 - this.left) * this.refillMs);
    this.left -= 1;
    return 0;
  }
}
