import { NoMoreFixedIps, type InstanceIdentity, type Network } from '@novanet/ipam';
import { expect, test } from 'vitest';
import type { Ipam } from '../create-ipam.js';
import { allocated, createNetwork, host, networkDraft, someInstance, subnet4 } from '../testing/fixtures.js';
import { scratchIpam, type ScratchIpam } from '../testing/scratch-ipam.js';

const PER_WORKER = 8;

/** Four worker processes with eight connections each. */
async function cloud(): Promise<{ ipam: ScratchIpam; workers: Ipam[] }> {
  const ipam = await scratchIpam({ poolSize: PER_WORKER });
  const others = await Promise.all([1, 2, 3].map(() => ipam.openAnother({ poolSize: PER_WORKER })));
  return { ipam, workers: [ipam, ...others] };
}

async function allocatedAddresses({ database }: ScratchIpam): Promise<string[]> {
  const rows = await database.run((manager) =>
    manager.query<{ address: string }[]>(
      'SELECT address FROM fixed_ips WHERE allocated = 1 ORDER BY fixed_ips.number',
    ),
  );
  return rows.map(({ address }) => address);
}

const addressOf = (network: Network, offset: number) =>
  network.subnets[0]!.pool!.first.plus(offset).toString();

test('500 allocations at once all succeed, and get the lowest 500 addresses', async () => {
  const { ipam, workers } = await cloud();
  const network = await createNetwork(ipam, '10.0.0.0/16');
  const nics = await Promise.all(
    Array.from({ length: 500 }, (_, i) =>
      workers[i % workers.length]!.fixedIps.allocate({ instance: someInstance(), nics: [{ network }] }),
    ),
  );
  expect(nics).toHaveLength(500);
  expect(await allocatedAddresses(ipam)).toEqual(
    Array.from({ length: 500 }, (_, i) => addressOf(network, i)),
  );
});

test('a pool is exhausted exactly at its size, and full again after everything was released', async () => {
  const { ipam, workers } = await cloud();
  const network = await createNetwork(ipam, '10.0.0.0/26');
  const size = 61;
  for (let round = 0; round < 2; round += 1) {
    const instances = Array.from({ length: size + 30 }, () => someInstance());
    const outcomes = await Promise.allSettled(
      instances.map((instance, i) =>
        workers[i % workers.length]!.fixedIps.allocate({ instance, nics: [{ network }] }),
      ),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(30);
    for (const { reason } of refused) expect(reason).toEqual(new NoMoreFixedIps(network.uuid));
    expect(await allocatedAddresses(ipam)).toEqual(
      Array.from({ length: size }, (_, i) => addressOf(network, i)),
    );
    await Promise.all(instances.map(({ uuid }, i) => workers[i % workers.length]!.fixedIps.deallocate(uuid)));
    expect(await allocatedAddresses(ipam)).toEqual([]);
  }
});

test('the same request at several workers at once gives one set of NICs', async () => {
  const { ipam, workers } = await cloud();
  const [a, b] = [await createNetwork(ipam, '10.0.0.0/24'), await createNetwork(ipam, '10.0.1.0/24')];
  for (let round = 0; round < 5; round += 1) {
    const request = {
      instance: someInstance({ projectId: 'p1' }),
      nics: [{ network: a }, { network: b }],
      limit: 99,
    };
    const answers = await Promise.all(workers.map(({ fixedIps }) => allocated(fixedIps, request)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  }
  expect(await allocatedAddresses(ipam)).toHaveLength(10);
});

test('a project never gets beyond its limit, however many ask at once', async () => {
  const { ipam, workers } = await cloud();
  const network = await createNetwork(ipam, '10.0.0.0/24');
  const outcomes = await Promise.allSettled(
    Array.from({ length: 40 }, (_, i) =>
      workers[i % workers.length]!.fixedIps.allocate({
        instance: someInstance({ projectId: 'p1' }),
        nics: [{ network }],
        limit: 7,
      }),
    ),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
  expect(await allocatedAddresses(ipam)).toHaveLength(7);
});

/** One of 32 clients: boots, gets leases, deletes, loses events, in its own order. */
async function live(
  ipam: Ipam,
  networks: readonly Network[],
  rounds: number,
  random: () => number,
): Promise<void> {
  const alive: InstanceIdentity[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const instance = someInstance();
    const nics = networks.filter(() => random() < 0.7).map((network) => ({ network }));
    const given = await allocated(ipam.fixedIps, { instance, nics }).catch((error: unknown) => {
      if (error instanceof NoMoreFixedIps) return [];
      throw error;
    });
    alive.push(instance);
    for (const { vif, fixedIps } of given) {
      const event = { address: fixedIps[0]!.address, mac: vif.mac };
      const outcome = random() < 0.5 ? await ipam.fixedIps.recordLease(event) : 'recorded';
      expect(outcome).toBe('recorded');
    }
    const victim = random() < 0.6 ? alive.shift() : undefined;
    if (!victim) continue;
    for (const { vif, fixedIps } of await ipam.fixedIps.deallocate(victim.uuid)) {
      if (random() < 0.8) await ipam.fixedIps.recordRelease({ address: fixedIps[0]!.address, mac: vif.mac });
    }
  }
  for (const { uuid } of alive) await ipam.fixedIps.deallocate(uuid);
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 0x7fffffff;
    return state / 0x7fffffff;
  };
}

test('32 clients churning over tight and wide pools never share an address, and lose none', async () => {
  const { ipam, workers } = await cloud();
  const networks = await ipam.networks.create(() => [
    networkDraft([subnet4('10.0.0.0/27')]),
    networkDraft([subnet4('10.0.1.0/24')]),
    networkDraft([subnet4('10.0.2.0/26')]),
  ]);
  const named = await ipam.dump();
  await Promise.all(Array.from({ length: 32 }, (_, i) => live(workers[i % 4]!, networks, 12, seeded(i + 1))));
  expect(await allocatedAddresses(ipam)).toEqual([]);
  const [owner] = await Promise.all(networks.map(({ id }) => ipam.networks.claimHost(id, host('net1'))));
  const later = new Date(Date.now() + 60_000);
  await ipam.fixedIps.freeStale({ host: owner!, before: later });
  const { networks: _, instances, processed_requests: _r, ...rest } = await ipam.dump();
  const { networks: _n, instances: _i, processed_requests: _p, ...start } = named;
  expect(rest).toEqual(start);
  expect(instances).toEqual([]);
  const full = Array.from({ length: 29 }, () => someInstance());
  const tight = networks[0]!;
  await Promise.all(
    full.map((instance, i) => workers[i % 4]!.fixedIps.allocate({ instance, nics: [{ network: tight }] })),
  );
  expect(await allocatedAddresses(ipam)).toEqual(Array.from({ length: 29 }, (_u, i) => addressOf(tight, i)));
});
