import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FirewallPlan, type HostPlan, planHost } from '@novanet/host-plan';
import { floatingIp, intentOf, networkOf } from '@novanet/host-plan/testing';
import { Ipv4, Ipv4Cidr, Ipv6, Ipv6Cidr, Mac, parseDeviceName, parseIp } from '@novanet/net-address';
import { KernelHost, TestNetwork } from '@novanet/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelRunner } from '../../test/kernel-runner.js';
import { LinuxHost } from '../index.js';

const PREFIX = Ipv6Cidr.parse('fd00:0:0:1::/64');
const NETWORK = networkOf({
  vlan: 100,
  isMultiHost: true,
  sharesAddress: true,
  enableDhcp: false,
  v6: { cidr: PREFIX, gateway: Ipv6.parse('fd00:0:0:1::ab:cdef') },
});
const MAC = Mac.ofNova(1);
const INSTANCE = {
  id: 1,
  nics: [
    {
      mac: MAC,
      device: parseDeviceName('tap1'),
      bridge: NETWORK.bridge,
      addresses: [parseIp('10.0.0.3'), MAC.eui64(PREFIX)],
      cidrs: [Ipv4Cidr.parse('10.0.0.0/24'), PREFIX],
      dhcpServer: Ipv4.parse('10.0.0.1'),
    },
  ],
  rules: [{ protocol: 'tcp', fromPort: 80, toPort: 81, source: { groupId: 3 } }],
} as const;
const MEMBERS = new Map([[3, [parseIp('10.0.0.4'), parseIp('fd00:0:0:1::4')]]]);

const FAMILIES = [
  { family: 'ipv4', program: 'iptables-save' },
  { family: 'ipv6', program: 'ip6tables-save' },
  { family: 'bridge', program: 'ebtables-save' },
] as const;

const FOREIGN = [
  ['iptables', '-A', 'INPUT', '-p', 'tcp', '--dport', '22', '-j', 'ACCEPT'],
  ['ebtables', '-A', 'FORWARD', '-s', '52:54:00:00:00:09', '-j', 'DROP'],
];

let directory: string;
let network: TestNetwork<'switch'>;
let kernel: KernelHost;
let runner: KernelRunner;
let host: LinuxHost;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'novanet-legacy-'));
  network = await TestNetwork.create(['switch']);
  await network.ip('switch', 'link add data type bridge', 'link set data up');
  const nic = { device: 'eth1', bridge: 'data', mac: '52:54:00:00:00:11' };
  const netns = network.netns('switch');
  kernel = new KernelHost({ name: 'h1', folder: join(directory, 'h1'), netns, nics: [nic] });
  await kernel.start();
  await kernel.ip(
    'link add eth0 type veth peer name outside',
    'addr add 192.0.2.10/24 dev eth0',
    'link set eth0 up',
    'link add br100 type bridge',
    'link add tap1 type veth peer name inside',
    'link set tap1 master br100',
  );
  for (const argv of FOREIGN) await kernel.run(argv);
  runner = new KernelRunner(kernel);
  host = new LinuxHost(runner);
}, 120_000);
afterAll(async () => {
  await network.remove();
  rmSync(directory, { recursive: true, force: true });
});

/** Without programs that stay: their processes are not seen from outside. */
function planOf(isServed: boolean): HostPlan {
  const settings = { networksPath: join(directory, 'networks'), usesIpv6: true };
  const filters = { instances: [INSTANCE], members: MEMBERS, providerRules: [] };
  const carried = { floatingIps: [floatingIp('203.0.113.5', '10.0.0.3')], filters };
  const plan = planHost(intentOf(isServed ? [NETWORK] : [], settings, isServed ? carried : {}));
  return { ...plan, routerAdvertisements: [] };
}

/** What is listed of each family, without comments and counters. */
async function listed(): Promise<Record<'ipv4' | 'ipv6' | 'bridge', string[]>> {
  const lists = await Promise.all(FAMILIES.map(({ program }) => kernel.run([program])));
  const [ipv4 = [], ipv6 = [], bridge = []] = lists.map((text) =>
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.replace(/\[.*\]$/, '[0:0]')),
  );
  return { ipv4, ipv6, bridge };
}

const jumpsOf = ({ tables }: FirewallPlan) =>
  tables.flatMap(({ jumps }) => jumps.map(({ from, to }) => `-A ${from} -j ${to}`));

describe('on a kernel without nf_tables', { timeout: 240_000 }, () => {
  it('rules of all families are applied, found again, and taken away, and those of others stay', async () => {
    const before = await listed();
    const applied = await host.converge(planOf(true));
    expect(applied.problems).toEqual([]);
    const there = await listed();
    for (const { family } of FAMILIES) {
      expect(there[family]).toEqual(expect.arrayContaining(jumpsOf(planOf(true).firewall[family])));
    }
    expect(there.ipv4).toContain(
      '-A nova-network-PREROUTING -d 203.0.113.5/32 -j DNAT --to-destination 10.0.0.3',
    );
    expect(there.ipv4.join('\n')).toContain('--match-set nova-network-sg-3-v4 src');
    expect(there.ipv6).toContain('-A nova-network-FORWARD -i br100 -j ACCEPT');
    expect(there.bridge).toContain('-A nova-network-INPUT -p ARP -i vlan100 --arp-ip-dst 10.0.0.1 -j DROP');
    expect(there.bridge).toContain('-A nova-network-tap1 -s ! fa:16:3e:0:0:1 -j DROP');

    expect(await host.converge(planOf(true))).toMatchObject({ changed: false, problems: [] });

    await kernel.run(['ebtables', '-F', 'nova-network-INPUT']);
    await kernel.run(['iptables', '-t', 'nat', '-F']);
    runner.lines.length = 0;
    expect((await host.converge(planOf(true))).problems).toEqual([]);
    expect(await listed()).toEqual(there);
    expect(runner.lines.filter((line) => line.includes('restore'))).toEqual([
      'iptables-restore --noflush -w 5',
      'ebtables-restore --noflush',
    ]);

    expect((await host.drain(planOf(false))).problems).toEqual([]);
    const left = await listed();
    expect(Object.values(left).flat().join('\n')).not.toContain('nova-');
    expect(left.bridge.filter((line) => line.startsWith('-A'))).toEqual(
      before.bridge.filter((line) => line.startsWith('-A')),
    );
    expect(left.ipv4).toEqual(expect.arrayContaining(before.ipv4));
    expect(await kernel.run(['ip', '-o', 'link'])).not.toContain('vlan100');
  });

  it('a frame rule that is refused is reported, and all others are applied', async () => {
    const { bridge: wanted } = planOf(true).firewall;
    const tables = wanted.tables.map((table) => ({
      ...table,
      chains: table.chains.map((chain) =>
        chain.name === 'nova-network-INPUT'
          ? { ...chain, rules: ['-p ARP -j NOSUCH', ...chain.rules] }
          : chain,
      ),
    }));
    const plan = planOf(false);
    const report = await host.converge({ ...plan, firewall: { ...plan.firewall, bridge: { tables } } });
    expect(report.problems).toEqual([
      {
        subject: 'filter: -A nova-network-INPUT -p ARP -j NOSUCH',
        message: expect.stringContaining('ebtables refuses it'),
        blocks: 'all',
      },
    ]);
    const { bridge } = await listed();
    expect(bridge).toEqual(expect.arrayContaining(jumpsOf(wanted)));
    expect(bridge).toContain('-A nova-network-INPUT -p ARP -i vlan100 --arp-ip-dst 10.0.0.1 -j DROP');
  });
});
