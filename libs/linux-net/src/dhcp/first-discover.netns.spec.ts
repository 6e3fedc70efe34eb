import { isDeepStrictEqual } from 'node:util';
import type { HostSettings } from '@novanet/host-plan';
import { dhcpHost } from '@novanet/host-plan/testing';
import { Mac } from '@novanet/net-address';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DhcpCaller } from '../../test/dhcp-caller.js';
import { TestHost } from '../../test/test-host.js';

type DhcpHost = ReturnType<typeof dhcpHost>;

const STEADY = dhcpHost('fa:16:3e:ff:00:00', '10.0.0.3', 'steady');
/** So many addresses go from one instance to the next. */
const SHARED = ['10.0.0.10', '10.0.0.11', '10.0.0.12', '10.0.0.13'];

let host: TestHost;
let caller: DhcpCaller;
beforeEach(async () => {
  host = await TestHost.create();
  await host.converge([{ dhcpHosts: [STEADY] }]);
  await host.plug('vm1', STEADY.mac.toString());
  await host.network.ip('vm1', 'addr add 10.0.0.250/24 dev eth0', 'route add default via 10.0.0.1');
  caller = await DhcpCaller.start(host.network.netns('vm1'));
});
afterEach(async () => {
  caller.close();
  await host.remove();
});

let made = 0;
function newHost(address: string): DhcpHost {
  made += 1;
  return dhcpHost(Mac.ofNova(made).toString(), address, `vm-${made}`);
}

/** What each gets by one DISCOVER. */
const given = (...hosts: readonly DhcpHost[]) =>
  Promise.all(hosts.map(({ mac }) => caller.given(mac.toString())));

/** What one who has its address for long is offered, again and again, while something is done. */
async function offeredDuring(work: Promise<unknown>): Promise<Set<string | undefined>> {
  const offers = new Set<string | undefined>();
  const over = new AbortController();
  const end = work.finally(() => over.abort());
  while (!over.signal.aborted) offers.add(await caller.offered(STEADY.mac.toString()));
  await end;
  return offers;
}

/**
 * An address goes from one instance to the next, every other time when its lease has ended before, and another instance
 * comes. Returns those who are new, when their host has been told.
 */
function churn(settings: Partial<HostSettings>) {
  const owners: DhcpHost[] = [];
  const others: DhcpHost[] = [];
  const serve = async (...drainingLeases: readonly DhcpHost[]) => {
    const dhcpHosts = [STEADY, ...owners, ...others];
    const plan = host.plan([{ dhcpHosts, drainingLeases }], settings);
    // As for each request: nothing was heard of, so nothing else is read.
    const unchanged = () => ({ links: true, rules: true, sets: true });
    expect((await host.linux.convergeFrom(unchanged, plan)).problems).toEqual([]);
  };
  return async (round: number): Promise<DhcpHost[]> => {
    const address = SHARED[round % SHARED.length]!;
    const leaver = owners.length < SHARED.length ? [] : owners.splice(0, 1);
    if (round % 2 === 1) await serve(...leaver);
    const fresh = [newHost(address), newHost(`10.0.0.${20 + round}`)];
    owners.push(fresh[0]!);
    others.push(fresh[1]!);
    others.splice(0, others.length - 10);
    await serve(...(round % 2 === 0 ? leaver : []));
    return fresh;
  };
}

test(
  'an instance gets its address by its first DISCOVER, also one that was another’s a moment ago, and all others are answered',
  { timeout: 60_000 },
  async () => {
    const next = churn({});
    const faults: unknown[] = [];
    for (let round = 0; round < 100; round += 1) {
      const change = next(round);
      const offers = await offeredDuring(change);
      const fresh = await change;
      const seen = { offers: [...offers], given: await given(...fresh) };
      const wanted = { offers: ['10.0.0.3'], given: fresh.map(({ address }) => address.toString()) };
      if (!isDeepStrictEqual(seen, wanted)) faults.push({ round, seen, wanted });
    }
    expect(faults).toEqual([]);
  },
);

test('it gets it where hosts are tagged, too', { timeout: 60_000 }, async () => {
  const next = churn({ usesSingleDefaultGateway: true });
  for (let round = 0; round < 10; round += 1) {
    const fresh = await next(round);
    expect(await given(...fresh)).toEqual(fresh.map(({ address }) => address.toString()));
  }
});
