import { v4Of } from '@novanet/host-plan/testing';
import { Ipv6, Ipv6Cidr, parseDeviceName } from '@novanet/net-address';
import { expectPing, setSysctls } from '@novanet/testbed';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestHost } from '../../test/test-host.js';

let host: TestHost;
beforeEach(async () => {
  host = await TestHost.create();
});
afterEach(() => host.remove());

/** Everything an operator's NIC may carry, as NetworkManager, ifupdown and hands leave it. */
const BUSY_INTERFACE = [
  'addr add 10.9.9.5/24 brd 10.9.9.255 dev eth1 valid_lft 3000 preferred_lft 2000 noprefixroute',
  'route add 10.9.9.0/24 dev eth1 proto kernel scope link src 10.9.9.5 metric 100',
  'addr add 10.9.9.6/24 brd 10.9.9.255 dev eth1',
  'addr add 10.9.9.7/24 brd 10.9.9.255 dev eth1',
  'addr add 10.44.0.1/16 dev eth1 metric 300',
  'addr add 10.9.8.1 peer 10.9.8.2/32 dev eth1',
  'addr add 2001:db8::5/64 dev eth1 nodad',
  'route add default via 10.9.9.1 dev eth1 proto dhcp src 10.9.9.5 metric 100 mtu 1400',
  'route add default via 192.0.2.1 dev eth0 metric 200',
  'route add 10.8.0.0/16 via 10.9.9.1',
  'route add 10.77.0.0/16 dev eth1 table 77 metric 5',
  'route add 10.66.0.0/16 via 172.31.0.1 dev eth1 onlink',
  'route add ::/0 via 2001:db8::1 dev eth1 metric 512',
  'route add 2001:db8:5::/48 via fe80::1 dev eth1 expires 1000',
  'route add 2001:db8:6::/48 dev eth1',
];
const PATH_OVER_TWO =
  'route add 10.55.0.0/16 nexthop via 10.9.9.1 dev eth1 weight 2 nexthop via 192.0.2.1 dev eth0';

describe('a flat interface with addresses and routes', () => {
  beforeEach(() => host.ip(...BUSY_INTERFACE));

  test('gives them all to the bridge, in one batch, and keeps its neighbours', async () => {
    await host.ip(PATH_OVER_TWO);
    const addresses = await host.addresses('eth1');
    const routes = await host.routes('eth1');
    const report = await host.converge();
    expect(report.problems).toEqual([]);
    expect(await host.addresses('eth1')).toEqual([]);
    expect((await host.addresses('br100')).toSorted()).toEqual([...addresses, '10.0.0.1/24'].toSorted());
    const own = '10.0.0.0/24 proto kernel scope link src 10.0.0.1';
    expect((await host.routes('br100')).toSorted()).toEqual([...routes, own].toSorted());
    expect(await host.run('ip', 'route', 'show', '10.55.0.0/16')).toMatch(
      /nexthop via 10.9.9.1 dev br100 weight 2 *\n\s*nexthop via 192.0.2.1 dev eth0 weight 1/,
    );
    expect(host.takeWrites().filter((line) => line.startsWith('ip '))).toEqual([
      'ip -batch - -json -details',
    ]);
    await expectPing(host.network.netns('host'), '10.9.9.1');
  });

  test('gets them back when the network leaves, and the bridge is gone', async () => {
    const before = { addresses: await host.addresses('eth1'), routes: await host.routes('eth1') };
    await host.converge();
    expect((await host.converge([])).problems).toEqual([]);
    expect(await host.addresses('eth1')).toEqual(before.addresses);
    expect((await host.routes('eth1')).toSorted()).toEqual(before.routes.toSorted());
    expect(await host.run('ip', '-o', 'link')).not.toContain('br100');
    await expectPing(host.network.netns('host'), '10.9.9.1');
    host.takeWrites();
    expect(await host.converge([])).toMatchObject({ changed: false });
  });

  test('keeps them when the bridge cannot take one, and the rest of the plan is made', async () => {
    await setSysctls(host.network.netns('host'), { 'net.ipv6.conf.default.disable_ipv6': 1 });
    const before = { addresses: await host.addresses('eth1'), routes: await host.routes('eth1') };
    const report = await host.converge();
    expect(report.problems[0]).toMatchObject({
      subject: 'br100',
      message: expect.stringContaining('IPv6 is disabled'),
      blocks: 'br100',
    });
    expect(await host.addresses('eth1')).toEqual(before.addresses);
    expect((await host.routes('eth1')).toSorted()).toEqual(before.routes.toSorted());
    expect(await host.run('ip', '-o', 'link', 'show', 'master', 'br100').catch(() => '')).toBe('');
    expect(await host.run('ip', '-o', 'addr', 'show', 'dev', 'lo')).toContain('169.254.169.254/32');
    expect(await host.rules('nat')).toContain('-A nova-postrouting-bottom -j nova-network-snat');
    await expectPing(host.network.netns('host'), '10.9.9.1');
  });

  test('gets them back when the network moves to another interface', async () => {
    await host.network.cable(
      { role: 'host', device: 'eth2', address: '10.22.0.1/24' },
      { role: 'wire', device: 'eth2' },
    );
    const before = { addresses: await host.addresses('eth1'), routes: await host.routes('eth1') };
    await host.converge();
    const report = await host.converge([{ bridgeInterface: parseDeviceName('eth2') }]);
    expect(report.problems).toEqual([]);
    expect(await host.addresses('eth1')).toEqual(before.addresses);
    expect((await host.routes('eth1')).toSorted()).toEqual(before.routes.toSorted());
    expect((await host.addresses('br100')).toSorted()).toEqual(['10.0.0.1/24', '10.22.0.1/24']);
    expect(await host.converge([{ bridgeInterface: parseDeviceName('eth2') }])).toMatchObject({
      changed: false,
    });
  });
});

describe('the bridge', () => {
  test('has the MAC of its member from the start, so a stable link-local address', async () => {
    await host.converge();
    const text = await host.run('ip', '-d', 'addr', 'show', 'dev', 'br100');
    expect(text).toContain('link/ether 52:54:00:00:00:11');
    expect(text).toContain('inet6 fe80::5054:ff:fe00:11/64');
    expect(text).toMatch(/forward_delay 0 .*stp_state 0/);
  });

  test('without a member has a MAC that does not follow its ports', async () => {
    await host.converge([{ bridgeInterface: undefined }]);
    await host.plug('vm1', 'fa:16:3e:00:00:01');
    expect(await host.run('ip', '-o', 'link', 'show', 'dev', 'br100')).toContain('02:aa:68:96:fe:c3');
  });

  test('is made without an interface that does not exist, and takes it in when it does', async () => {
    await host.ip('link set eth1 down', 'link set eth1 name eth9');
    const report = await host.converge();
    expect(report.problems).toEqual([
      { subject: 'eth1', message: expect.stringMatching(/does not exist.*flat_interface/) },
    ]);
    expect(await host.addresses('br100')).toEqual(['10.0.0.1/24']);
    await host.ip('link set eth9 name eth1');
    expect((await host.converge()).problems).toEqual([]);
    expect(await host.run('ip', '-o', 'link', 'show', 'master', 'br100')).toMatch(/eth1.*state UP/);
    expect(await host.run('ip', '-o', 'link', 'show', 'dev', 'br100')).toContain('52:54:00:00:00:11');
  });

  test('that was deleted is made again, with its member and addresses', async () => {
    await host.converge();
    await host.ip('link del br100');
    expect((await host.converge()).problems).toEqual([]);
    expect(await host.addresses('br100')).toEqual(['10.0.0.1/24']);
    expect(await host.run('ip', '-o', 'link', 'show', 'master', 'br100')).toContain('eth1');
  });

  test('stays while an instance hangs on it, and goes when that leaves', async () => {
    await host.ip('addr add 10.9.9.5/24 dev eth1');
    await host.converge();
    await host.plug('vm1', 'fa:16:3e:00:00:01');
    await host.converge([]);
    expect(await host.addresses('br100')).toEqual(['10.9.9.5/24']);
    host.takeWrites();
    expect(await host.converge([])).toMatchObject({ changed: false });
    await host.ip('link del tap1');
    await host.converge([]);
    expect(await host.addresses('eth1')).toEqual(['10.9.9.5/24']);
  });

  test('of the operator is used, loses only our address, and is never deleted', async () => {
    await host.ip(
      'link add br100 type bridge',
      'addr add 172.30.0.1/24 dev br100',
      'link set eth1 master br100',
    );
    await host.converge();
    expect(await host.addresses('br100')).toEqual(['172.30.0.1/24', '10.0.0.1/24']);
    expect(await host.converge()).toMatchObject({ changed: false });
    await host.converge([]);
    expect(await host.addresses('br100')).toEqual(['172.30.0.1/24']);
    expect(await host.run('ip', '-o', 'link', 'show', 'master', 'br100')).toContain('eth1');
    expect(await host.run('ip', '-d', 'link', 'show', 'dev', 'br100')).not.toContain('alias');
  });

  test('is not made from a device of its name that is no bridge', async () => {
    await host.network.cable({ role: 'host', device: 'br100' }, { role: 'wire', device: 'eth2' });
    const { problems } = await host.converge([{ enableDhcp: false }]);
    expect(problems).toEqual([
      { subject: 'br100', message: expect.stringContaining('not a bridge'), blocks: 'br100' },
    ]);
  });

  test('does not take a port from another bridge', async () => {
    await host.ip('link add br7 type bridge', 'link set eth1 master br7');
    const { problems } = await host.converge();
    expect(problems).toEqual([{ subject: 'eth1', message: expect.stringContaining('belongs to br7') }]);
    expect(await host.run('ip', '-o', 'link', 'show', 'master', 'br7')).toContain('eth1');
  });

  test('has the MTU of the network, and an interface that is too small is reported', async () => {
    expect((await host.converge([{ mtu: 1400 }])).problems).toEqual([]);
    expect(await host.run('ip', '-o', 'link', 'show', 'dev', 'br100')).toContain('mtu 1400');
    const { problems } = await host.converge([{ mtu: 9000 }]);
    expect(problems).toEqual([{ subject: 'eth1', message: expect.stringContaining('9000') }]);
  });
});

describe('a VLAN network, where the kernel has no VLANs', () => {
  const vlan = { vlan: 100, enableDhcp: true };
  const problem = {
    subject: 'vlan100',
    message: expect.stringMatching(
      /no VLAN devices .*Unknown device type.*br100 has no way out.*modprobe 8021q/,
    ),
  };

  test('serves its instances, everything else is done, and the report says what is missing', async () => {
    const flat = { id: 2, bridge: parseDeviceName('br200'), v4: v4Of({}, '10.0.1.0/24') };
    const { problems } = await host.converge([vlan, flat]);
    expect(problems).toEqual([problem]);
    expect(await host.addresses('br100')).toEqual(['10.0.0.1/24']);
    expect(await host.run('ip', '-o', 'link', 'show', 'master', 'br200')).toContain('eth1');
    await host.plug('vm1', 'fa:16:3e:00:00:01');
    expect(await host.askForAddress('vm1', 1)).toBe('10.0.0.3');
  });

  test('is asked for again each time, and nothing but that changes', async () => {
    await host.converge([vlan]);
    host.takeWrites();
    expect(await host.converge([vlan])).toMatchObject({ changed: false, problems: [problem] });
    expect(host.takeWrites()).toEqual(['ip -batch - -json -details']);
  });
});

describe('IPv6', () => {
  const v6 = { cidr: Ipv6Cidr.parse('fd00:0:0:1::/64'), gateway: Ipv6.parse('fd00:0:0:1::1') };
  const settings = { usesIpv6: true };

  test.each([
    {
      name: 'both families has both gateways',
      network: { v6 },
      addresses: ['10.0.0.1/24', 'fd00:0:0:1::1/64'],
    },
    {
      name: 'IPv6 alone has its gateway, member and MTU',
      network: { v6, v4: undefined },
      addresses: ['fd00:0:0:1::1/64'],
    },
  ])('on a network of $name', async ({ network, addresses }) => {
    expect((await host.converge([{ mtu: 1400, ...network }], settings)).problems).toEqual([]);
    expect(await host.addresses('br100')).toEqual(addresses);
    expect(await host.run('ip', '-o', 'link', 'show', 'master', 'br100')).toContain('eth1');
    expect(await host.run('ip', '-o', 'link', 'show', 'dev', 'br100')).toContain('mtu 1400');
    await host.plug('vm1', 'fa:16:3e:00:00:01');
    await host.network.ip('vm1', 'addr add fd00:0:0:1::9/64 dev eth0 nodad');
    await expectPing(host.network.netns('vm1'), 'fd00:0:0:1::1');
    host.takeWrites();
    expect(await host.converge([{ mtu: 1400, ...network }], settings)).toMatchObject({ changed: false });
    await host.converge([{ mtu: 1400, ...network, v6: undefined }], settings);
    expect(await host.addresses('br100')).toEqual(addresses.slice(0, -1));
  });

  test.each([
    { name: 'IPv6 alone', network: { v6, v4: undefined }, blocks: 'br100' },
    { name: 'both families', network: { v6 }, blocks: undefined },
  ])('that is switched off blocks instances of $name: $blocks', async ({ network, blocks }) => {
    await setSysctls(host.network.netns('host'), { 'net.ipv6.conf.default.disable_ipv6': 1 });
    const { problems } = await host.converge([{ ...network, bridgeInterface: undefined }], settings);
    expect(problems.map((problem) => [problem.subject, problem.blocks])).toEqual([['br100', blocks]]);
  });
});
