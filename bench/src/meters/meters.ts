import type { Round } from '../figures/speed.js';
import { addUsage, nothingUsed, usagePerCall, usedBetween, type Usage } from '../figures/usage.js';
import { cpuOf, cpuOfChildren, cpuOfMachine } from './process-meter.js';
import type { StatementMeter } from './statement-meter.js';

/** Who takes part in answering a call, by process number. */
export interface Participants {
  readonly server: number;
  /** By the server, since it started. */
  programsRun(): Promise<number>;
  readonly callers: readonly number[];
  readonly database: number;
  readonly broker: number;
}

/** The rounds of one sort of call, with what they used up. */
export class Tally {
  readonly rounds: Round[] = [];
  private usage = nothingUsed;

  constructor(
    private readonly statements: StatementMeter,
    private readonly participants: Participants,
  ) {}

  async add(run: () => Promise<Round>): Promise<void> {
    const before = await this.read();
    this.rounds.push(await run());
    this.usage = addUsage(this.usage, usedBetween(before, await this.read()));
  }

  get usagePerCall(): Usage {
    const calls = this.rounds.reduce(
      (sum, { latencies, errors }) => sum + latencies.length + errors.length,
      0,
    );
    return usagePerCall(this.usage, calls);
  }

  get errors(): readonly string[] {
    return this.rounds.flatMap(({ errors }) => errors);
  }

  private async read(): Promise<Usage> {
    const { server, callers, database, broker } = this.participants;
    return {
      ...(await this.statements.read()),
      programs: await this.participants.programsRun(),
      serverCpu: cpuOf(server),
      programsCpu: cpuOfChildren(server),
      callersCpu: callers.reduce((sum, pid) => sum + cpuOf(pid), 0),
      databaseCpu: cpuOf(database),
      brokerCpu: cpuOf(broker),
      machineCpu: cpuOfMachine(),
    };
  }
}
