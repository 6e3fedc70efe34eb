import { cpus, release, totalmem } from 'node:os';

import { runCommand } from '@novanet/testbed';

/** What the figures depend on. */
export interface Machine {
  readonly processors: string;
  readonly processorCount: number;
  readonly memoryGigabytes: number;
  readonly kernel: string;
  readonly node: string;
  readonly database: string;
}

export async function describeMachine(): Promise<Machine> {
  const version = await runCommand(['mariadbd', '--version']);
  return {
    processors: cpus()[0]?.model ?? 'unknown',
    processorCount: cpus().length,
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    database: /Ver (\S+)/.exec(version)?.[1] ?? 'unknown',
  };
}

export function sentenceOfMachine(machine: Machine): string {
  const { processorCount, processors, memoryGigabytes, kernel, node, database } = machine;
  return (
    `${processorCount} × ${processors}, ${memoryGigabytes} GB, Linux ${kernel}, Node ${node}, ` +
    `${database} with durable commits.`
  );
}
