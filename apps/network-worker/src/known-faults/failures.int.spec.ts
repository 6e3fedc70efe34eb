import { randomUUID } from 'node:crypto';
import type { NetworkInfo } from '@novanet/contracts';
import { RemoteError } from '@novanet/messaging';
import { parseDeviceName } from '@novanet/net-address';
import { beforeEach, describe, expect, test } from 'vitest';
import { createNetwork, failureOf } from '../testing/requests.js';
import type { CloudWorker } from './testing/cloud-worker.js';
import { CuttingProxy } from './testing/cutting-proxy.js';
import { Interruptions } from './testing/interruptions.js';
import type { PlannedHost } from './testing/planned-host.js';
import { newRequestId, startCloud, type TestCloud } from './testing/test-cloud.js';

// nova: its clean-up after a failed allocation failed itself, and left the address taken and the quota charged.

/** An instance gets two NICs, an automatic floating IP and names; its project may have no more than that. */
const options = {
  auto_assign_floating_ip: 'true',
  default_floating_pool: 'nova',
  floating_ip_quarantine: '0',
  quota_fixed_ips: '2',
  instance_dns_manager: 'dnsmasq',
  instance_dns_domain: 'vm.lan',
};

let cloud: TestCloud;
let proxy: CuttingProxy;
let [first, second]: CloudWorker<PlannedHost>[] = [];
let before: Awaited<ReturnType<TestCloud['dump']>>;
const spots = new Interruptions();

beforeEach(async () => {
  spots.end();
  cloud = await startCloud(options);
  proxy = await CuttingProxy.open(cloud.wish('h1').databaseUrl);
  first = await cloud.start('h1', { databaseUrl: proxy.url, onStatement: spots.onStatement });
  second = await cloud.start('h2');
  await createNetwork(cloud);
  await createNetwork(cloud, { label: 'multi', cidr: '10.1.0.0/24', bridge: 'br101', multi_host: true });
  const range = { pool: 'nova', range: '203.0.113.0/30' };
  await cloud.call('create_floating_pool', { name: 'nova' }, { namespace: 'novanet' });
  await cloud.call('grow_floating_pool', range, { namespace: 'novanet' });
  // the networks have their hosts and these their addresses from here on
  const uuid = randomUUID();
  await boot(uuid);
  await cleanUp(uuid);
  before = await cloud.dump();
});

/** What it gets, or why nothing. */
async function boot(uuid: string, server = 'h1', uniqueId = newRequestId()): Promise<NetworkInfo | string> {
  const args = { instance_id: uuid, project_id: 'p', host: 'h1', rxtx_factor: 1, vpn: false, macs: null };
  try {
    const answer = await cloud.call('allocate_for_instance', args, { server, uniqueId });
    return answer as NetworkInfo;
  } catch (error) {
    if (error instanceof RemoteError) return error.message;
    throw error;
  }
}

/** As nova-compute does behind a failed build; an instance that is only remembered is forgotten in time. */
async function cleanUp(uuid: string): Promise<void> {
  await cloud.call('deallocate_for_instance', { instance: { uuid, host: 'h1' } }, { server: 'h2' });
  const inAMinute = new Date(Date.now() + 60_000);
  await second?.ipam.fixedIps.freeStale({ host: second.host, before: inAMinute });
}

const summary = (answer: NetworkInfo | string) =>
  typeof answer === 'string'
    ? answer
    : answer.map(({ network: { label, subnets } }) => {
        const addresses = subnets[0].ips;
        return `${label}: ${addresses.length} with ${addresses.flatMap((ip) => ip.floating_ips).length}`;
      });
const everything = ['private: 1 with 1', 'multi: 1 with 0'];

/**
 * Does the work, and does it again with the next spot until it did not come that far; each time the database is as it was
 * before. Answers how many there were.
 */
async function atEachSpot(work: (spot: number) => Promise<void>): Promise<number> {
  for (let spot = 0; ; spot += 1) {
    await work(spot);
    spots.end();
    expect.soft({ spot, ...(await cloud.dump()) }).toEqual({ spot, ...before });
    if (!spots.wasReached && !proxy.hasCut) return spot;
  }
}

describe('an allocation leaves the database as it was', () => {
  test('when any of its statements is refused', { timeout: 120_000 }, async () => {
    const reasons = new Set<string>();
    const count = await atEachSpot(async (spot) => {
      const uuid = randomUUID();
      spots.at(spot);
      const answer = await boot(uuid);
      spots.end();
      // nothing is cleaned up behind a request that failed
      if (typeof answer === 'string') reasons.add(answer);
      else await cleanUp(uuid);
    });
    expect(count).toBeGreaterThan(20);
    expect(reasons.size).toBeGreaterThan(10);
  });

  test('when its worker dies at any statement and the caller gives up', { timeout: 120_000 }, async () => {
    const count = await atEachSpot(async (spot) => {
      const uuid = randomUUID();
      spots.deadFrom(spot);
      await boot(uuid);
      spots.end();
      await cleanUp(uuid);
    });
    expect(count).toBeGreaterThan(20);
  });

  test.each(['br100', 'br101'])('when its host cannot serve it on %s', async (bridge) => {
    const { linux } = first!;
    linux.problems = [{ subject: bridge, message: 'no such device', blocks: parseDeviceName(bridge) }];
    expect(await boot(randomUUID())).toContain('no such device');
    expect(await cloud.dump()).toEqual(before);
    expect(linux.servedMacs).toEqual([]);
  });
});

describe('an allocation is complete', () => {
  test('when its worker dies at any statement and another one goes on', { timeout: 120_000 }, async () => {
    await atEachSpot(async (spot) => {
      const [uuid, uniqueId] = [randomUUID(), newRequestId()];
      spots.deadFrom(spot);
      await boot(uuid, 'h1', uniqueId);
      spots.end();
      const answer = await boot(uuid, 'h2', uniqueId);
      expect.soft([spot, summary(answer)]).toEqual([spot, everything]);
      await cleanUp(uuid);
    });
  });

  test('when the answer to any of its writes is lost', { timeout: 120_000 }, async () => {
    const count = await atEachSpot(async (spot) => {
      const uuid = randomUUID();
      proxy.cutAfter(spot);
      expect.soft([spot, summary(await boot(uuid))]).toEqual([spot, everything]);
      await cleanUp(uuid);
    });
    expect(count).toBeGreaterThan(10);
  });
});

test(
  'a deallocation that fails at any statement is completed by the next',
  { timeout: 120_000 },
  async () => {
    const count = await atEachSpot(async (spot) => {
      const uuid = randomUUID();
      await boot(uuid);
      spots.at(spot);
      await failureOf(cloud.call('deallocate_for_instance', { instance: { uuid } }, { server: 'h1' }));
      spots.end();
      await cleanUp(uuid);
      expect.soft([spot, first!.linux.servedMacs]).toEqual([spot, []]);
    });
    expect(count).toBeGreaterThan(10);
  },
);
