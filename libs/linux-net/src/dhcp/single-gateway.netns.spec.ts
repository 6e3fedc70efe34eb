import type { DhcpHostIntent } from '@novanet/host-plan';
import { dhcpHost, v4Of } from '@novanet/host-plan/testing';
import { parseDeviceName } from '@novanet/net-address';
import { dhcpLease, runCommand, waitFor } from '@novanet/testbed';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestHost } from '../../test/test-host.js';

const FIRST_MAC = 'fa:16:3e:00:00:01';
const SECOND_MAC = 'fa:16:3e:00:00:02';
const FIRST = dhcpHost(FIRST_MAC, '10.0.0.3', 'vm-one');
const SECOND = { ...dhcpHost(SECOND_MAC, '10.0.1.3', 'vm-one'), isFirstNic: false };

let host: TestHost;
beforeEach(async () => {
  host = await TestHost.create();
});
afterEach(() => host.remove());

const SINGLE = { usesSingleDefaultGateway: true };
const OTHER_NETWORK = {
  id: 2,
  bridge: parseDeviceName('br200'),
  bridgeInterface: undefined,
  v4: v4Of({}, '10.0.1.0/24'),
};
const HELD = [{ ...SECOND, expiresAt: new Date(Date.now() + 3_600_000) }];

/** The network of second NICs, with these hosts. */
async function serve(...dhcpHosts: readonly DhcpHostIntent[]): Promise<void> {
  const networks = [{ dhcpHosts: [FIRST] }, { ...OTHER_NETWORK, dhcpHosts, heldLeases: HELD }];
  expect((await host.converge(networks, SINGLE)).problems).toEqual([]);
}

test('an instance with two NICs in two networks has the router of the first', async () => {
  await serve(SECOND);
  await host.plug('vm1', FIRST_MAC);
  await host.network.cable(
    { role: 'host', device: 'tap9', master: 'br200' },
    { role: 'vm1', device: 'eth1', mac: SECOND_MAC },
  );
  const netns = host.network.netns('vm1');
  const [one, other] = [await dhcpLease(netns, 'eth0'), await dhcpLease(netns, 'eth1')];
  expect(
    [one, other].map(({ address, routers, options }) => [address, routers, options['staticroutes']]),
  ).toEqual([
    ['10.0.0.3', ['10.0.0.1'], '169.254.169.254/32 10.0.0.1 0.0.0.0/0 10.0.0.1'],
    ['10.0.1.3', [], undefined],
  ]);
  expect(await runCommand(['ip', 'route', 'show', 'default'], { netns })).toBe(
    'default via 10.0.0.1 dev eth0 \n',
  );
});

describe('while tagged hosts hold leases', () => {
  const LEFT = { ...dhcpHost('fa:16:3e:00:00:03', '10.0.1.4', 'left'), isFirstNic: false };
  const HEIR_MAC = 'fa:16:3e:00:00:04';

  beforeEach(async () => {
    await serve(SECOND, LEFT);
    await host.plug('vm1', SECOND_MAC, 'br200');
    await dhcpLease(host.network.netns('vm1'), 'eth0');
    await host.plug('vm2', HEIR_MAC, 'br200');
  });

  const pid = () => host.dnsmasqPid('nova-br200');
  const replays = async () =>
    (await host.leaseEvents()).filter((event) => event.startsWith(`2 old ${SECOND_MAC} 10.0.1.3`)).length;

  test('a new host is told to the server that runs', async () => {
    const before = await pid();
    await serve(SECOND, LEFT, dhcpHost(HEIR_MAC, '10.0.1.5', 'next'));
    expect(await host.askForAddress('vm2', 1)).toBe('10.0.1.5');
    expect(await pid()).toBe(before);
  });

  test.each([
    {
      name: 'an address that comes back',
      hosts: [SECOND, dhcpHost(HEIR_MAC, '10.0.1.4', 'heir')],
      given: '10.0.1.4',
    },
    {
      name: 'a NIC that becomes the first of its instance',
      hosts: [{ ...SECOND, isFirstNic: true }, LEFT, dhcpHost(HEIR_MAC, '10.0.1.5', 'next')],
      given: '10.0.1.5',
    },
  ])('$name is served by another server that knows them', async ({ hosts, given }) => {
    const before = { pid: await pid(), replays: await replays() };
    await serve(...hosts);
    expect(await pid()).not.toBe(before.pid);
    expect(await host.askForAddress('vm2', 1)).toBe(given);
    await waitFor(async () => (await replays()) > before.replays, {
      limitMs: 3000,
      what: 'the server tells the lease it was told',
    });
    expect(await host.askForAddress('vm1', 1)).toBe('10.0.1.3');
    expect((await dhcpLease(host.network.netns('vm1'), 'eth0')).routers).toEqual(
      hosts[0]?.isFirstNic ? ['10.0.1.1'] : [],
    );
    const settled = await pid();
    await serve(...hosts);
    expect(await pid()).toBe(settled);
  });
});

test('the option takes effect on servers that run', async () => {
  const networks = [{ ...OTHER_NETWORK, dhcpHosts: [SECOND] }];
  await host.converge(networks);
  await host.plug('vm1', SECOND_MAC, 'br200');
  const netns = host.network.netns('vm1');
  const routers: (readonly string[])[] = [];
  for (const settings of [{}, SINGLE, {}]) {
    expect((await host.converge(networks, settings)).problems).toEqual([]);
    routers.push((await dhcpLease(netns, 'eth0')).routers);
  }
  expect(routers).toEqual([['10.0.1.1'], [], ['10.0.1.1']]);
});
