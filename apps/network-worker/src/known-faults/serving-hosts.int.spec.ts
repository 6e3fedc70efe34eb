import { randomUUID } from 'node:crypto';
import type { NetworkDict, NetworkInfo } from '@novanet/contracts';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { allocate, createNetwork, failureOf } from '../testing/requests.js';
import type { CloudWorker } from './testing/cloud-worker.js';
import type { PlannedHost } from './testing/planned-host.js';
import { startCloud, type TestCloud } from './testing/test-cloud.js';

const hostNames = ['h1', 'h2', 'h3'] as const;
type Host = (typeof hostNames)[number];
type Workers = readonly CloudWorker<PlannedHost>[];

/** Networks by whether each host serves them, and instances with the networks they get, in this order. */
interface Scene {
  readonly networks: readonly { readonly multi_host: boolean; readonly share_address: boolean }[];
  readonly instances: readonly {
    readonly host: Host;
    readonly asked: Host;
    readonly networks: readonly number[];
  }[];
}

const scenes: fc.Arbitrary<Scene> = fc
  .array(fc.record({ multi_host: fc.boolean(), share_address: fc.boolean() }), { minLength: 1, maxLength: 4 })
  .chain((networks) => {
    const host = fc.constantFrom(...hostNames);
    const chosen = fc.shuffledSubarray([...networks.keys()], { minLength: 1 });
    const instance = fc.record({ host, asked: host, networks: chosen });
    return fc.record({
      networks: fc.constant(networks),
      instances: fc.array(instance, { minLength: 1, maxLength: 5 }),
    });
  });

/** Which host serves which NIC and which bridge, as the rules say. */
interface Served {
  readonly macs: Readonly<Record<string, string[]>>;
  readonly bridges: Readonly<Record<string, string[]>>;
}

function servedNow(workers: Workers): Served {
  const by = (what: (linux: PlannedHost) => string[]) =>
    Object.fromEntries(workers.map(({ host, linux }) => [host, what(linux).toSorted()]));
  return { macs: by((linux) => linux.servedMacs), bridges: by((linux) => linux.bridges) };
}

// nova: set a single-host network up wherever an instance of it ran, a multi-host one at the host of the network before.
test('each network is served by its own host or by that of each instance, whichever worker is asked', async () => {
  const cloud = await startCloud();
  const workers = await cloud.startAll(...hostNames);
  const play = async ({ networks, instances }: Scene) => {
    const created: NetworkDict[] = [];
    for (const [n, network] of networks.entries()) {
      created.push(
        await createNetwork(cloud, { label: `n${n}`, cidr: `10.${n}.0.0/24`, bridge: `br${n}`, ...network }),
      );
    }
    const expected = { macs: emptyLists(), bridges: emptyLists() };
    const uuids: string[] = [];
    for (const { host, asked, networks: wanted } of instances) {
      const requested_networks = wanted.map((n) => [created[n]?.uuid, null]);
      const uuid = randomUUID();
      uuids.push(uuid);
      const info = await allocate(cloud.at(asked), uuid, { host, requested_networks });
      expect(info.map((vif) => vif.network.label)).toEqual(wanted.map((n) => `n${n}`));
      await note(cloud, info, host, expected);
    }
    for (const list of [...Object.values(expected.macs), ...Object.values(expected.bridges)]) list.sort();
    expect(servedNow(workers)).toEqual(expected);
    // as after a start of all workers
    for (const worker of workers) await worker.converge();
    expect(servedNow(workers)).toEqual(expected);
    for (const uuid of uuids) await cloud.call('deallocate_for_instance', { instance: { uuid } });
    for (const { uuid } of created) await cloud.call('delete_network', { uuid });
    for (const worker of workers) await worker.converge();
    expect(servedNow(workers)).toEqual({ macs: emptyLists(), bridges: emptyLists() });
  };
  await fc.assert(fc.asyncProperty(scenes, play), { numRuns: 12, endOnFailure: true });
}, 120_000);

const emptyLists = (): Record<string, string[]> => ({ h1: [], h2: [], h3: [] });

/** Who has to serve these NICs; the database names a host for single-host networks only. */
async function note(
  { rows }: TestCloud,
  info: NetworkInfo,
  instanceHost: Host,
  { macs, bridges }: Served,
): Promise<void> {
  for (const { address, network } of info) {
    const [row] = await rows<{ host: string | null; multi: number }>(
      'SELECT host, multi_host AS multi FROM networks WHERE uuid = ?',
      [network.id],
    );
    const server = row?.multi === 1 ? instanceHost : String(row?.host);
    expect(row?.host === null).toBe(row?.multi === 1);
    macs[server]?.push(address);
    const bridge = String(network.bridge);
    if (!bridges[server]?.includes(bridge)) bridges[server]?.push(bridge);
  }
}

// nova: each worker that was asked answered its own name, whoever had been faster.
test('workers that are asked at once to serve a network all name the one that does', async () => {
  const cloud = await startCloud();
  await cloud.startAll(...hostNames);
  for (let n = 0; n < 5; n += 1) {
    const { id } = await createNetwork(cloud, { label: `n${n}`, cidr: `10.${n}.0.0/24`, bridge: `br${n}` });
    const ask = (server: string) => cloud.call('set_network_host', { network_ref: { id } }, { server });
    const answers = await Promise.all([...hostNames, ...hostNames].map(ask));
    expect(new Set(answers).size).toBe(1);
    expect(await cloud.rows('SELECT host FROM networks WHERE id = ?', [id])).toEqual([{ host: answers[0] }]);
  }
});

// nova: made some worker the host of such a network for ever.
test('a network of each instance’s host gets no host of its own from a request that names none', async () => {
  const cloud = await startCloud();
  await cloud.start('h1');
  await createNetwork(cloud, { multi_host: true });
  const before = await cloud.dump();
  expect(await failureOf(allocate(cloud, randomUUID(), { host: null }))).toContain('InvalidInput');
  expect(await cloud.dump()).toEqual(before);
});

// nova: wrote the last host's own addresses into the network, so that guests elsewhere were told a foreign router.
test('hosts that serve a multi-host network with IPv6 leave the network as it was created', async () => {
  const cloud = await startCloud({ use_ipv6: 'true' });
  await cloud.startAll(...hostNames);
  await createNetwork(cloud, { multi_host: true, cidr_v6: 'fd00:0:0:1::/64' });
  const { networks, subnets } = await cloud.dump();
  const booted: NetworkInfo[] = [];
  for (const host of hostNames) booted.push(await allocate(cloud, randomUUID(), { host }));
  const later = await cloud.dump();
  expect([later['networks'], later['subnets']]).toEqual([networks, subnets]);
  const meta = booted.map(([vif]) => vif?.network.subnets);
  const servers = meta.map((pair) => pair?.[0].meta.dhcp_server);
  const gateways = meta.map((pair) => pair?.[1].gateway.address);
  expect(new Set(servers).size).toBe(3);
  expect(servers).not.toContain('10.0.0.1');
  expect(new Set(gateways)).toEqual(new Set(['fd00:0:0:1::1']));
});
