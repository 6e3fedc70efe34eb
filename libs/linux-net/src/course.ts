import type { ConvergeProblem, ConvergeReport, StageOutcome } from './converge-report.js';

/** Gathers what the stages of one converge did and how long they took. */
export class Course {
  readonly problems: ConvergeProblem[];
  private readonly durations: Record<string, number> = {};
  private readonly subjects = new Map<string, Set<string>>();
  private isChanged = false;
  private hasFailed = false;

  /** @param executedBefore programs that were not run for this one */
  constructor(
    problems: readonly ConvergeProblem[],
    private readonly executedBefore: number,
  ) {
    this.problems = [...problems];
  }

  async run(stage: string, work: () => Promise<StageOutcome>): Promise<boolean> {
    const { changed, subjects = [], problems } = await this.time(stage, work);
    this.problems.push(...problems);
    this.hasFailed ||= problems.length > 0;
    this.isChanged ||= changed;
    const before = this.subjects.get(stage) ?? [];
    if (subjects.length > 0) this.subjects.set(stage, new Set([...before, ...subjects]));
    return changed;
  }

  /** Whether each stage made real what it was told to. */
  get isClean(): boolean {
    return !this.hasFailed;
  }

  async time<T>(stage: string, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    try {
      return await work();
    } finally {
      const spent = (this.durations[stage] ?? 0) + performance.now() - startedAt;
      this.durations[stage] = Math.round(spent * 10) / 10;
    }
  }

  report(executed: number): ConvergeReport {
    const commands = executed - this.executedBefore;
    const changes = [...this.subjects].map(([stage, subjects]) => ({ stage, subjects: [...subjects] }));
    const { isChanged: changed, problems, durations } = this;
    return { changed, changes, commands, problems, durations };
  }
}
