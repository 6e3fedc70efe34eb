import { createHash } from 'node:crypto';

export interface Failures {
  /** How often the work on this message failed. */
  readonly all: number;
  /** How often for a reason that does not pass by itself. */
  readonly lasting: number;
}

/** How many messages are remembered: far more than can be in work. */
const mostMessages = 1_000;

/** Counts the failures of messages that come again. The broker does not: a message is known by its content. */
export class FailureMemory {
  private readonly failures = new Map<string, Failures>();

  note(content: Buffer, isTransient: boolean): Failures {
    const key = digest(content);
    const { all, lasting } = this.failures.get(key) ?? { all: 0, lasting: 0 };
    const failures = { all: all + 1, lasting: lasting + (isTransient ? 0 : 1) };
    // The one that failed last is forgotten last.
    this.failures.delete(key);
    this.failures.set(key, failures);
    const [oldest] = this.failures.keys();
    if (this.failures.size > mostMessages && oldest !== undefined) this.failures.delete(oldest);
    return failures;
  }

  forget(content: Buffer): void {
    if (this.failures.size > 0) this.failures.delete(digest(content));
  }
}

function digest(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
