import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { CloudWorker } from '../known-faults/testing/cloud-worker.js';
import type { PlannedHost } from '../known-faults/testing/planned-host.js';
import { startCloud, type TestCloud } from '../known-faults/testing/test-cloud.js';
import { addressOf, allocate, createNetwork } from '../testing/requests.js';

const mac = 'fa:16:3e:00:00:01';

let cloud: TestCloud;
let workers: CloudWorker<PlannedHost>[];
let uuid: string;
let address: string;

/** An instance of h1 in a network that each host serves; h1 and h2 have others there as well. */
beforeEach(async () => {
  cloud = await startCloud();
  workers = await cloud.startAll('h1', 'h2', 'h3');
  await createNetwork(cloud, { multi_host: true });
  for (const host of ['h1', 'h2']) await allocate(cloud.at(host), randomUUID(), { host });
  uuid = randomUUID();
  address = String(addressOf(await allocate(cloud.at('h1'), uuid, { host: 'h1', macs: [mac] })));
});

const tell = (kind: 'lease' | 'release', server: string) =>
  cloud.call(`${kind}_fixed_ip`, { address, mac }, { server });
const moveTo = (host: string) => cloud.rows('UPDATE instances SET host = ? WHERE uuid = ?', [host, uuid]);
const leaseHost = () => cloud.rows('SELECT lease_host AS host FROM fixed_ips WHERE address = ?', [address]);

/** Host → the leases that its last plan makes its DHCP server give up. */
function givenUp(): Record<string, string[]> {
  const entries = workers.map(({ host, linux }) => [
    host,
    (linux.plan?.dhcpServers ?? []).flatMap(({ releases }) =>
      releases.map((lease) => `${lease.address.toString()} ${lease.mac.toString()}`),
    ),
  ]);
  return Object.fromEntries(entries);
}

describe('a lease of a deallocated instance is given up by the host that gave it', () => {
  test.each([
    { name: 'of an instance that never moved', moves: [], at: 'h1' },
    { name: 'of one that moved and has no lease there yet', moves: ['move'], at: 'h1' },
    { name: 'of one that moved and has its lease there', moves: ['move', 'lease'], at: 'h2' },
    { name: 'of one whose first host still tells of it', moves: ['move', 'lease', 'old'], at: 'h2' },
  ])('$name: $at', async ({ moves, at }) => {
    await tell('lease', 'h1');
    if (moves.includes('move')) await moveTo('h2');
    if (moves.includes('lease')) await tell('lease', 'h2');
    if (moves.includes('old')) await tell('lease', 'h1');
    expect(await leaseHost()).toEqual([{ host: at }]);
    // a worker that has nothing to do with any of it, and a caller that does not say where the instance was
    await cloud.at('h3').call('deallocate_for_instance', { instance: { uuid } });
    expect(givenUp()).toMatchObject({ [at]: [`${address} ${mac}`], h3: [] });
    await tell('release', at);
    expect(await leaseHost()).toEqual([]);
  });
});

test('a lease that a host still tells of when its instance has left is ended there', async () => {
  await tell('lease', 'h1');
  await moveTo('h2');
  await tell('lease', 'h2');
  await tell('lease', 'h1');
  expect(workers.map(({ endedLeases }) => endedLeases)).toEqual([[`${address} ${mac}`], [], []]);
});
