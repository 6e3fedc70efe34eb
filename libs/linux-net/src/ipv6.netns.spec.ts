import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { derivedIpv6 } from '@novanet/contracts';
import type { NetworkIntent } from '@novanet/host-plan';
import { v4Of } from '@novanet/host-plan/testing';
import { Ipv6, Ipv6Cidr, Mac, parseDeviceName } from '@novanet/net-address';
import { expectNoPing, expectPing, waitFor } from '@novanet/testbed';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  expectIpv6Address,
  expectIpv6Routers,
  ipv6Addresses,
  ipv6Routers,
  routerAddress,
} from '../test/ipv6-state.js';
import { RouterListener } from '../test/router-listener.js';
import { TestHost } from '../test/test-host.js';

const PREFIX = Ipv6Cidr.parse('fd00:0:0:1::/64');
const V6 = { cidr: PREFIX, gateway: Ipv6.parse('fd00:0:0:1::1') };
const SECOND: Partial<NetworkIntent> = {
  id: 2,
  uuid: '5f0c2a8e-0000-4000-8000-000000000002',
  bridge: parseDeviceName('br200'),
  bridgeInterface: undefined,
  v4: v4Of({}, '10.0.1.0/24'),
  v6: { cidr: Ipv6Cidr.parse('fd00:0:0:2::/64'), gateway: Ipv6.parse('fd00:0:0:2::1') },
};
const MACS = { vm1: 'fa:16:3e:1b:2c:3d', vm2: 'fa:16:3e:00:00:02' } as const;
const OUTSIDE = '2001:db8::1';
const USES_IPV6 = { usesIpv6: true };

let host: TestHost;
beforeEach(async () => {
  host = await TestHost.create();
});
afterEach(() => host.remove());

/** As nova's network_info says it. */
function addressOf(role: keyof typeof MACS, prefix = PREFIX): string {
  return String(derivedIpv6(Mac.parse(MACS[role]), prefix, null, 'rfc2462'));
}

async function boot(role: keyof typeof MACS, bridge = 'br100', prefix = PREFIX): Promise<string> {
  await host.plug(role, MACS[role], bridge);
  const netns = host.network.netns(role);
  await expectIpv6Address(netns, addressOf(role, prefix));
  return netns;
}

const router = (bridge = 'br100') => routerAddress(host.network.netns('host'), bridge);

/** The host's way out, with a way back for the prefix. */
async function openOutside(): Promise<void> {
  await host.ip('addr add 2001:db8::10/64 dev eth0 nodad');
  await host.network.ip('outside', `addr add ${OUTSIDE}/64 dev eth0 nodad`);
  await host.network.ip('outside', `route add fd00::/16 via 2001:db8::10`);
}

/** Somebody whose machine advertises itself as a router. */
async function advertise(role: 'outside' | 'vm1', prefix: string): Promise<void> {
  const file = join(host.directory, `${role}.conf`);
  const body = 'AdvSendAdvert on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4;';
  await writeFile(file, `interface eth0 { ${body} prefix ${prefix} {}; };\n`);
  await host.network.run(role, ['radvd', '-C', file, '-p', `${file}.pid`]);
}

describe('an instance', () => {
  test('gives itself the address that nova tells, and reaches others and the outside through its host', async () => {
    await openOutside();
    expect((await host.converge([{ v6: V6 }], USES_IPV6)).problems).toEqual([]);
    for (const chain of ['INPUT', 'FORWARD']) await host.run('ip6tables', '-P', chain, 'DROP');
    await host.run('ip6tables', '-A', 'INPUT', '-i', 'eth0', '-p', 'ipv6-icmp', '-j', 'ACCEPT');
    const netns = await boot('vm1');
    await boot('vm2');
    expect(addressOf('vm1')).toBe('fd00::1:f816:3eff:fe1b:2c3d');
    expect(await ipv6Addresses(netns)).toEqual([addressOf('vm1')]);
    // made of the network and the host, so the same after each start, whatever is in the bridge
    expect(await ipv6Routers(netns)).toEqual([await router()]);
    expect(await router()).toBe('fe80::aa:68ff:fe96:fec3');
    await expectPing(netns, addressOf('vm2'));
    await expectPing(netns, OUTSIDE);
    await expectPing(host.network.netns('outside'), addressOf('vm1'));
  });

  test('of a network of IPv6 alone does so too, and is told its MTU', async () => {
    await openOutside();
    const dnsServers = [1, 2, 3, 4].map((number) => Ipv6.parse(`2001:db8::5${number}`));
    const alone = { v4: undefined, v6: V6, mtu: 1400, dnsServers };
    expect((await host.converge([alone])).problems).toEqual([]);
    const netns = await boot('vm1');
    await expectPing(netns, OUTSIDE);
    const mtu = await host.network.run('vm1', ['cat', '/proc/sys/net/ipv6/conf/eth0/mtu']);
    expect(mtu.trim()).toBe('1400');
  });

  test('of an isolated network has an address and no way out', async () => {
    await openOutside();
    const isolated = { v4: v4Of({ gateway: undefined }), v6: { ...V6, gateway: undefined } };
    await host.converge([isolated, SECOND], USES_IPV6);
    const netns = await boot('vm1');
    expect(await ipv6Routers(netns)).toEqual([]);
    await expectPing(netns, `${await router()}%eth0`);
    await host.network.ip('vm1', `route add default via ${await router()} dev eth0`);
    await expectNoPing(netns, OUTSIDE);
  });

  test('of each of two networks has an address in its own, and they reach each other through the host', async () => {
    await host.converge([{ v6: V6 }, SECOND], USES_IPV6);
    const prefix = Ipv6Cidr.parse('fd00:0:0:2::/64');
    const netns = await boot('vm1');
    const other = await boot('vm2', 'br200', prefix);
    expect(await ipv6Addresses(other)).toEqual([addressOf('vm2', prefix)]);
    expect(await ipv6Routers(other)).toEqual([await router('br200')]);
    await expectPing(netns, addressOf('vm2', prefix));
  });

  test('of two networks on one bridge has an address in both', async () => {
    const bridge = parseDeviceName('br100');
    await host.converge([{ v6: V6 }, { ...SECOND, bridge }], USES_IPV6);
    const netns = await boot('vm1');
    const second = addressOf('vm1', Ipv6Cidr.parse('fd00:0:0:2::/64'));
    await expectIpv6Address(netns, second);
    expect((await ipv6Addresses(netns)).toSorted()).toEqual([addressOf('vm1'), second].toSorted());
  });

  test('loses its router with the network, at once', async () => {
    await host.converge([{ v6: V6 }], USES_IPV6);
    const netns = await boot('vm1');
    const before = await router();
    const ear = await RouterListener.start(netns);
    await host.converge([]);
    // a route that was only forgotten would last for half a minute
    await expectIpv6Routers(netns, [], 3000);
    expect(ear.farewells()).toContain(before);
    ear.close();
  });
});

describe('the host', () => {
  test('keeps the router that its uplink has told it, though it is a router itself now', async () => {
    await advertise('outside', '2001:db8::/64');
    const netns = host.network.netns('host');
    const before = await waitFor(async () => (await ipv6Routers(netns))[0], {
      limitMs: 20_000,
      what: 'the host has a router',
    });
    await host.converge([{ v6: V6 }], USES_IPV6);
    expect(await host.run('sysctl', '-n', 'net.ipv6.conf.all.forwarding')).toBe('1\n');
    expect(await ipv6Routers(netns)).toEqual([before]);
    await host.network.run('host', ['ip', '-6', 'route', 'del', 'default']);
    await expectIpv6Routers(netns, [before]);
  });

  test('leaves it to the operator who wants no router on the uplink', async () => {
    await host.run('sysctl', '-q', '-w', 'net.ipv6.conf.eth0.accept_ra=0');
    await host.converge([{ v6: V6 }], USES_IPV6);
    expect(await host.run('sysctl', '-n', 'net.ipv6.conf.eth0.accept_ra')).toBe('0\n');
    expect(await host.converge([{ v6: V6 }], USES_IPV6)).toMatchObject({ changed: false });
  });

  test.each([
    { name: 'of both families', network: { v6: V6 } },
    { name: 'of IPv4', network: {} },
  ])('is not configured by an instance of a network $name', async ({ network }) => {
    await host.converge([network], USES_IPV6);
    await host.plug('vm1', MACS.vm1);
    await host.plug('vm2', MACS.vm2);
    await advertise('vm1', 'fd66::/64');
    // the other instance has heard it: so has the bridge
    await expectIpv6Address(host.network.netns('vm2'), addressOf('vm2', Ipv6Cidr.parse('fd66::/64')));
    expect(await ipv6Routers(host.network.netns('host'))).toEqual([]);
    expect(await host.addresses('br100')).not.toContainEqual(expect.stringContaining('fd66'));
  });
});
