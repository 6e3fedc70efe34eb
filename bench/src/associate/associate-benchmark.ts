import { join } from 'node:path';

import { Measurements, type Measurement } from '../figures/measurements.js';
import { echoJob, measureLimits } from '../limits/measure-limits.js';
import { residentMemoryOf } from '../meters/process-meter.js';
import { checkout } from '../servers/run-folder.js';
import type { WorkerOptions } from '../servers/worker.js';
import { type BenchSession, startSession } from '../session/bench-session.js';
import type { Terminal } from '../terminal/terminal.js';
import { associationMethods, BenchCloud } from './bench-cloud.js';
import { hostAddress } from './host-network.js';
import { measureBarePrograms } from './measure-bare-programs.js';
import { measureRestart, type RestartResult } from './measure-restart.js';
import type { AssociateOptions } from './options.js';

export interface AssociateResult {
  readonly limits: readonly Measurement[];
  readonly calls: readonly Measurement[];
  readonly restart: RestartResult;
  /** Memory of the worker at the end. */
  readonly megabytes: number;
}

const withDataplane: WorkerOptions = {
  NOVANET_MY_IP: hostAddress,
  NOVANET_PUBLIC_INTERFACE: 'eth0',
  NOVANET_QUOTA_FLOATING_IPS: '-1',
  // nova-network filters nothing either: the compute service does.
  NOVANET_FIREWALL_DRIVER: 'noop',
  NOVANET_DHCPBRIDGE: join(checkout, 'apps/dhcpbridge/bin/novanet-dhcpbridge'),
};

/** Measures associations by a worker that does to its host all that it has to. To be run in the host's namespace. */
export async function runAssociateBenchmark(
  options: AssociateOptions,
  terminal: Terminal,
): Promise<AssociateResult> {
  const session = await startSession(terminal, withDataplane);
  const cloud = await terminal.step('warming up', () => warmUp(session, options));
  const limits = new Measurements();
  const calls = new Measurements();
  await terminal.step('limits', () => measureLimits(session, options, limits));
  const { instances, floatingIps, times } = options.restart;
  const sizes = options.sizes.toSorted((one, other) => one - other);
  // Associations only become more.
  const measureSizes = async (wanted: readonly number[]) => {
    for (const size of wanted) {
      await terminal.step(`calls with ${size} floating IPs associated`, async () => {
        await cloud.associateTo(size);
        await measureSize({ session, cloud, options, limits, calls });
      });
    }
  };
  await measureSizes(sizes.filter((size) => size <= floatingIps));
  const restart = await terminal.step(`restarts with ${instances} instances`, async () => {
    await cloud.growTo(instances);
    await cloud.associateTo(floatingIps);
    return measureRestart(session, cloud, times);
  });
  await measureSizes(sizes.filter((size) => size > floatingIps));
  const megabytes = residentMemoryOf(session.worker.pid);
  await terminal.step('ending', () => session.end());
  return { limits: limits.medians, calls: calls.medians, restart, megabytes };
}

interface Measuring {
  readonly session: BenchSession;
  readonly cloud: BenchCloud;
  readonly options: AssociateOptions;
  readonly limits: Measurements;
  readonly calls: Measurements;
}

/** Associates some more and takes them away again, for each number of callers. */
async function measureSize({ session, cloud, options, limits, calls }: Measuring): Promise<void> {
  const associated = cloud.associations;
  await cloud.growTo(associated + options.calls);
  await measureBarePrograms(session, cloud, options.calls, limits);
  for (const atOnce of options.callers) {
    for (const method of associationMethods) {
      const tally = session.tally('worker');
      await tally.add(() => session.callers.run(cloud.nextCalls(method, options.calls), atOnce));
      calls.addTally({ what: method, atOnce, associated }, tally);
    }
  }
}

/** Makes the network, and calls everything once, so that connections are open and code is compiled when it counts. */
async function warmUp(session: BenchSession, { calls, callers }: AssociateOptions): Promise<BenchCloud> {
  const atOnce = Math.max(...callers);
  await session.callers.run(echoJob(calls), atOnce);
  const cloud = await BenchCloud.create(session);
  await cloud.growTo(calls);
  for (const method of associationMethods) await session.callers.run(cloud.nextCalls(method, calls), atOnce);
  return cloud;
}
