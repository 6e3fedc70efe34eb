import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostSettings, NetworkIntent } from '@novanet/host-plan';
import { dhcpHost, floatingIp, v4Of } from '@novanet/host-plan/testing';
import { Ipv4, Ipv4Cidr } from '@novanet/net-address';
import {
  type DhcpLease,
  dhcpLease,
  expectPing,
  expectTcp,
  httpGet,
  runCommand,
  setSysctls,
} from '@novanet/testbed';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Role, TestHost } from '../test/test-host.js';

const [F1, F2] = ['203.0.113.5', '203.0.113.6'];
/** Behind the router of the segment, and behind nothing else. */
const ELSEWHERE = '198.18.0.1';
const ROUTER = '10.0.0.254';
const INSTANCES = [
  dhcpHost('fa:16:3e:00:00:01', '10.0.0.3', 'a'),
  dhcpHost('fa:16:3e:00:00:02', '10.0.0.4', 'b'),
];

let host: TestHost;
let network: Partial<NetworkIntent>;
let settings: Partial<HostSettings>;

/** The host is one of the neighbours of a network whose router is a machine on the wire. */
beforeEach(async () => {
  host = await TestHost.create();
  await host.ip('route add default via 192.0.2.1');
  await host.network.ip('outside', 'route add 203.0.113.0/24 dev eth0');
  await host.network.ip('wire', `addr add ${ROUTER}/24 dev eth1`, `addr add ${ELSEWHERE}/32 dev lo`);
  for (const role of ['host', 'outside', 'wire', 'vm1'] as const) answerAs(role);
});
afterEach(() => host.remove());

/** Answers with the address it was asked from; the host on the metadata service's port, too. */
function answerAs(role: Role): void {
  const script = `for (const port of [8080, 8775])
    require('http').createServer((q, a) => a.end(q.socket.remoteAddress)).listen(port, '0.0.0.0')`;
  const netns = host.network.netns(role);
  spawn('ip', ['netns', 'exec', netns, process.execPath, '-e', script], { stdio: 'ignore' });
}

async function seenFrom(role: Role, address: string, port = 8080): Promise<string> {
  const netns = host.network.netns(role);
  await expectTcp(netns, address, port);
  return (await httpGet(netns, `http://${address}:${port}/`)).body;
}

function carry(...floating: readonly string[]) {
  const floatingIps = floating.map((address) => floatingIp(address, '10.0.0.3'));
  return host.converge([{ dhcpHosts: INSTANCES, ...network }], settings, { floatingIps });
}

async function boot(role: 'vm1' | 'vm2'): Promise<DhcpLease> {
  await host.plug(role, role === 'vm1' ? 'fa:16:3e:00:00:01' : 'fa:16:3e:00:00:02');
  const lease = await dhcpLease(host.network.netns(role), 'eth0');
  expect(lease.routers).toEqual([ROUTER]);
  return lease;
}

const redirects = async () =>
  (await host.rules('nat', 'ebtables-save')).filter((rule) => rule.includes('redirect'));

const GATEWAY_OF_NETWORK = {
  name: 'the gateway of the network is not this host',
  intent: { v4: v4Of({ gateway: Ipv4.parse(ROUTER), dhcpServer: Ipv4.parse('10.0.0.2') }) },
};

describe.each<{ name: string; intent: Partial<NetworkIntent>; options?: string; routes?: string }>([
  { ...GATEWAY_OF_NETWORK, routes: `169.254.169.254/32 10.0.0.2 0.0.0.0/0 ${ROUTER}` },
  { name: 'dnsmasq_config_file names another router', intent: {}, options: `dhcp-option=3,${ROUTER}\n` },
])('where $name', ({ intent, options, routes }) => {
  beforeEach(async () => {
    network = intent;
    settings = {};
    if (options === undefined) return;
    settings = { dnsmasqConfigFile: join(host.directory, 'dnsmasq.conf') };
    await writeFile(join(host.directory, 'dnsmasq.conf'), options, { mode: 0o644 });
  });

  test.each([{ bridged: 0 }, { bridged: 1 }])(
    'an instance is reached on its floating IPs, leaves under them, and reaches metadata (packets of bridges filtered: $bridged)',
    { timeout: 60_000 },
    async ({ bridged }) => {
      await setSysctls(host.network.netns('host'), { 'net.bridge.bridge-nf-call-iptables': bridged });
      expect((await carry(F1, F2)).problems).toEqual([]);
      expect(await carry(F1, F2)).toMatchObject({ changed: false });
      await boot('vm1');
      await boot('vm2');
      const seen = {
        'outside to first': await seenFrom('outside', F1),
        'outside to second': await seenFrom('outside', F2),
        'instance to outside': await seenFrom('vm1', '192.0.2.1'),
        'neighbour to instance': await seenFrom('vm2', '10.0.0.3'),
        'neighbour by the router': await seenFrom('vm2', ELSEWHERE),
        'instance to metadata': await seenFrom('vm1', '169.254.169.254', 80),
        'neighbour to metadata': await seenFrom('vm2', '169.254.169.254', 80),
      };
      expect(seen).toEqual({
        'outside to first': '192.0.2.1',
        'outside to second': '192.0.2.1',
        'instance to outside': F1,
        'neighbour to instance': '10.0.0.4',
        'neighbour by the router': '10.0.0.4',
        'instance to metadata': '10.0.0.3',
        'neighbour to metadata': '10.0.0.4',
      });
    },
  );

  test(`an instance is told ${routes ? 'its routes, metadata by way of the host' : 'no routes beside its router'}`, async () => {
    await carry();
    expect((await boot('vm1')).options['staticroutes']).toBe(routes);
  });

  test('one of two floating IPs goes: the other one works on; the last one takes the redirect along', async () => {
    await carry(F1, F2);
    await boot('vm1');
    await carry(F2);
    expect(await seenFrom('outside', F2)).toBe('192.0.2.1');
    expect(await redirects()).toHaveLength(2);
    await carry();
    expect((await redirects()).join()).toMatch(/^[^,]*169\.254\.169\.254[^,]*$/);
    await expectPing(host.network.netns('vm1'), ELSEWHERE);
  });
});

test('an instance of a network without router reaches metadata, and has no router', async () => {
  network = { v4: v4Of({ gateway: undefined }) };
  settings = {};
  expect((await carry()).problems).toEqual([]);
  await host.plug('vm1', 'fa:16:3e:00:00:01');
  const netns = host.network.netns('vm1');
  const { routers, options } = await dhcpLease(netns, 'eth0');
  expect({ routers, routes: options['staticroutes'] }).toEqual({
    routers: [],
    routes: '169.254.169.254/32 10.0.0.1',
  });
  expect(await runCommand(['ip', 'route', 'show', 'default'], { netns })).toBe('');
  expect(await seenFrom('vm1', '169.254.169.254', 80)).toBe('10.0.0.3');
});

test('what force_snat_range names leaves by this host, everything else by the router', async () => {
  network = GATEWAY_OF_NETWORK.intent;
  settings = { forceSnatRanges: [Ipv4Cidr.parse('192.0.2.0/24'), Ipv4Cidr.parse('10.0.0.0/8')] };
  expect((await carry()).problems).toEqual([]);
  expect(await carry()).toMatchObject({ changed: false });
  await boot('vm1');
  await boot('vm2');
  expect(await seenFrom('vm2', '192.0.2.1')).toBe('192.0.2.10');
  expect(await seenFrom('vm2', ELSEWHERE)).toBe('10.0.0.4');
  expect(await seenFrom('vm2', '10.0.0.3')).toBe('10.0.0.4');
  await carry(F1);
  expect(await seenFrom('outside', F1)).toBe('192.0.2.1');
});
