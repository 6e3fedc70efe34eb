import { join } from 'node:path';

import { runCommand } from '@novanet/testbed';

import type { Measurements } from '../figures/measurements.js';
import type { BareAnswer, BareJob } from '../limits/bare-programs.js';
import type { BenchSession } from '../session/bench-session.js';
import { addedRules } from './added-rules.js';
import type { BenchCloud } from './bench-cloud.js';
import { namespaces } from './host-network.js';

const program = join(import.meta.dirname, '../limits/bare-programs.js');

/** What each association needs at the least: its rules, and its address on the interface. */
export const bareProgramTitles = ['iptables-restore', 'ip address add'] as const;

/**
 * Measures the bare programs of one association, with the host's own rules, in a namespace that has a copy of its
 * ruleset: nobody notices, and nobody else does anything there.
 */
export async function measureBarePrograms(
  { callers }: BenchSession,
  cloud: BenchCloud,
  times: number,
  limits: Measurements,
): Promise<void> {
  const host = { netns: namespaces.host };
  const before = await runCommand(['iptables-save'], host);
  await callers.run(cloud.nextCalls('associate_floating_ip', 1), 1);
  const { add, remove } = addedRules(before, await runCommand(['iptables-save'], host));
  await callers.run(cloud.nextCalls('disassociate_floating_ip', 1), 1);
  const sets = await runCommand(['ipset', 'save'], host);
  const job: BareJob = {
    times,
    setUp: [
      { argv: ['ipset', 'restore', '-exist'], input: sets },
      { argv: ['iptables-restore'], input: before },
    ],
    measured: [
      { argv: ['iptables-restore', '--noflush'], input: add },
      { argv: ['ip', 'address', 'add', '198.18.0.1/32', 'dev', 'lo'] },
    ],
    undo: [
      { argv: ['iptables-restore', '--noflush'], input: remove },
      { argv: ['ip', 'address', 'del', '198.18.0.1/32', 'dev', 'lo'] },
    ],
  };
  const said = await runCommand([process.execPath, program], {
    netns: namespaces.bare,
    input: JSON.stringify(job),
    timeoutMs: 120_000,
  });
  const answer: BareAnswer = JSON.parse(said);
  for (const [index, what] of bareProgramTitles.entries()) {
    const latencies = answer[index] ?? [];
    const seconds = latencies.reduce((sum, each) => sum + each, 0) / 1_000;
    limits.addRound({ what, atOnce: 1, associated: cloud.associations }, { seconds, latencies, errors: [] });
  }
}
