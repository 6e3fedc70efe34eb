/** Statements that make nothing undone, and so cannot end a worker before it has done something. */
const notASpot = /^(ROLLBACK|SELECT VERSION)/;

/** Lets a worker's statements fail from the outside: one of them, or all from there on. */
export class Interruptions {
  /** Whether a statement has failed since it was said which. */
  wasReached = false;
  private sent = 0;
  private first = Infinity;
  private last = Infinity;

  /** To be told of every statement. */
  readonly onStatement = (sql: string): void => {
    if (notASpot.test(sql)) return;
    const number = this.sent;
    this.sent += 1;
    if (number < this.first || number > this.last) return;
    this.wasReached = true;
    throw new Error(`statement ${number} was not sent: ${sql}`);
  };

  /** The statement of this number from now fails, once. */
  at(number: number): void {
    this.set(number, number);
  }

  /** Nothing is sent any more from this statement on, as if the worker were dead. */
  deadFrom(number: number): void {
    this.set(number, Infinity);
  }

  /** From now on statements are sent again. */
  end(): void {
    this.first = Infinity;
  }

  private set(first: number, last: number): void {
    this.wasReached = false;
    this.sent = 0;
    this.first = first;
    this.last = last;
  }
}
