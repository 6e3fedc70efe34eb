import type { Measurements } from '../figures/measurements.js';
import { BenchError } from '../terminal/bench-error.js';
import type { BenchSession } from '../session/bench-session.js';
import { chunksOf } from './chunks.js';
import { callsFor, instanceMethods, newInstances } from './instance-calls.js';
import type { AllocateOptions } from './options.js';

/** Measures the calls in a fresh network of this size, which is the only one there is. */
export async function measureNetwork(
  session: BenchSession,
  prefixLength: number,
  options: AllocateOptions,
  calls: Measurements,
): Promise<void> {
  await withNetwork(session, prefixLength, async () => {
    for (const atOnce of options.callers) {
      const tallies = instanceMethods.map((method) => ({ method, tally: session.tally('worker') }));
      for (const chunk of chunksOf(options.calls, prefixLength)) {
        const uuids = newInstances(chunk);
        for (const { method, tally } of tallies) {
          await tally.add(() => session.callers.run(callsFor(method, uuids), atOnce));
        }
      }
      for (const { method, tally } of tallies) {
        calls.addTally({ what: method, atOnce, network: `/${prefixLength}` }, tally);
      }
    }
  });
}

/** Creates a network, does the work, and deletes it. */
export async function withNetwork(
  session: BenchSession,
  prefixLength: number,
  work: () => Promise<void>,
): Promise<void> {
  const cidr = `10.0.0.0/${prefixLength}`;
  // Without its size nova makes a /24 of a larger range.
  const size = { num_networks: 1, network_size: 2 ** (32 - prefixLength) };
  const uuid = uuidOf(await session.call('create_networks', { label: 'bench', cidr, ...size }));
  await work();
  await session.call('delete_network', { fixed_range: null, uuid });
}

function uuidOf(created: unknown): string {
  const network: unknown = Array.isArray(created) ? created[0] : undefined;
  if (typeof network === 'object' && network !== null && 'uuid' in network) return String(network.uuid);
  throw new BenchError('create_networks answered something that is no list of networks.');
}
