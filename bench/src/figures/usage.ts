import { median } from './percentile.js';

/** What was used up, counted since some beginning. */
export interface Usage {
  /** Statements the database was sent, COMMIT and the like included. */
  readonly statements: number;
  /** How often the database wrote its log, and waited for the disk: transactions that commit at once share one. */
  readonly logWrites: number;
  /** Programs that the server ran on its host. */
  readonly programs: number;
  /** Milliseconds of processor time. */
  readonly serverCpu: number;
  /** Of the programs that the server ran. */
  readonly programsCpu: number;
  readonly callersCpu: number;
  readonly databaseCpu: number;
  readonly brokerCpu: number;
  /** Of the whole machine, these four and everything else that runs on it. */
  readonly machineCpu: number;
}

export const nothingUsed: Usage = {
  statements: 0,
  logWrites: 0,
  programs: 0,
  serverCpu: 0,
  programsCpu: 0,
  callersCpu: 0,
  databaseCpu: 0,
  brokerCpu: 0,
  machineCpu: 0,
};

export function usedBetween(before: Usage, after: Usage): Usage {
  return eachOf((key) => after[key] - before[key]);
}

export function addUsage(one: Usage, other: Usage): Usage {
  return eachOf((key) => one[key] + other[key]);
}

export function usagePerCall(usage: Usage, calls: number): Usage {
  return eachOf((key) => usage[key] / calls);
}

export function medianUsage(repetitions: readonly Usage[]): Usage {
  return eachOf((key) => median(repetitions.map((usage) => usage[key])));
}

function eachOf(value: (key: keyof Usage) => number): Usage {
  return {
    statements: value('statements'),
    logWrites: value('logWrites'),
    programs: value('programs'),
    serverCpu: value('serverCpu'),
    programsCpu: value('programsCpu'),
    callersCpu: value('callersCpu'),
    databaseCpu: value('databaseCpu'),
    brokerCpu: value('brokerCpu'),
    machineCpu: value('machineCpu'),
  };
}
