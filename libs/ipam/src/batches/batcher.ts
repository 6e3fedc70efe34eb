interface Waiter<Item, Answer> {
  readonly item: Item;
  readonly answered: PromiseWithResolvers<Answer>;
}

/**
 * Those who come while a batch is at work are served together by the next one. So each is answered by something that
 * began after it asked, one who comes alone waits for nobody, and the busier it gets, the less each one costs.
 */
export class Batcher<Item, Answer> {
  private waiting: Waiter<Item, Answer>[] = [];
  private isAtWork = false;

  /** @param work one answer for each item, in the same order; what it throws, all of the batch get */
  constructor(private readonly work: (items: readonly Item[]) => Promise<readonly Answer[]>) {}

  ask(item: Item): Promise<Answer> {
    const answered = Promise.withResolvers<Answer>();
    this.waiting.push({ item, answered });
    if (!this.isAtWork) void this.run();
    return answered.promise;
  }

  private async run(): Promise<void> {
    this.isAtWork = true;
    while (this.waiting.length > 0) await this.serve(this.waiting.splice(0));
    this.isAtWork = false;
  }

  private async serve(batch: readonly Waiter<Item, Answer>[]): Promise<void> {
    try {
      const answers = await this.work(batch.map(({ item }) => item));
      for (const [index, answer] of answers.entries()) batch[index]?.answered.resolve(answer);
    } catch (error) {
      for (const { answered } of batch) answered.reject(error);
    }
  }
}
