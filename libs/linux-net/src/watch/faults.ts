/** Something about the host that is, or is not, as the plan says. */
export interface Finding {
  /** What it is about; a later finding of the same key says how that is now. */
  readonly key: string;
  /** In words; undefined: it is as planned. */
  readonly fault: string | undefined;
  /** Somebody looked, and did not only hear of it. */
  readonly isCertain?: boolean;
}

type Taken = ReadonlyMap<string, Finding>;

/** Where the host contradicts its plan, by what was heard since it was last looked at. */
export class Faults {
  private readonly current = new Map<string, Finding>();
  /** Those that a look found no remedy for, until something about them changes. */
  private readonly vain = new Map<string, string>();

  /** @returns whether there is something new to mend */
  hear(finding: Finding): boolean {
    const { key, fault } = finding;
    if (fault === undefined) {
      this.current.delete(key);
      this.vain.delete(key);
      return false;
    }
    this.current.set(key, finding);
    return this.isFresh(finding);
  }

  /** What is worth a look, in words. */
  fresh(): string[] {
    return [...this.current.values()]
      .filter((finding) => this.isFresh(finding))
      .flatMap(({ fault }) => fault ?? []);
  }

  /** A look begins: it will see all that happened so far. */
  take(): Taken {
    const taken = new Map(this.current);
    this.current.clear();
    return taken;
  }

  /** The look did not take place. What was heard meanwhile is newer. */
  putBack(taken: Taken): void {
    for (const [key, finding] of taken) if (!this.current.has(key)) this.current.set(key, finding);
  }

  /** The look changed nothing: to hear the same again is no reason for another one. */
  giveUp(taken: Taken): void {
    for (const { key, fault, isCertain } of taken.values()) {
      if (fault !== undefined && !isCertain) this.vain.set(key, fault);
    }
  }

  private isFresh({ key, fault }: Finding): boolean {
    return this.vain.get(key) !== fault;
  }
}
