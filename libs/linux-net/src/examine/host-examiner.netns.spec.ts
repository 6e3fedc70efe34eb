import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostSettings, NetworkIntent } from '@novanet/host-plan';
import { floatingIp } from '@novanet/host-plan/testing';
import { Ipv6, Ipv6Cidr, parseDeviceName } from '@novanet/net-address';
import { inNamespace, waitFor } from '@novanet/testbed';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, test } from 'vitest';
import { filteredInstance } from '../../test/filtered-instance.js';
import { type Carried, TestHost } from '../../test/test-host.js';
import { SpawnCommandRunner } from '../commands/spawn-command-runner.js';
import { LinuxHost } from '../linux-host.js';

const V6 = { cidr: Ipv6Cidr.parse('fd00::/64'), gateway: Ipv6.parse('fd00::1') };
const NETWORKS: readonly Partial<NetworkIntent>[] = [{ v6: V6 }];
const SETTINGS: Partial<HostSettings> = { usesIpv6: true };
const MORE: Carried = { floatingIps: [floatingIp('198.51.100.5', '10.0.0.3')] };

let host: TestHost;
beforeEach(async () => {
  host = await TestHost.create();
});
afterEach(() => host.remove());

const plan = (networks = NETWORKS, settings = SETTINGS, more = MORE) => host.plan(networks, settings, more);

/** What is found, without its prose; and that nothing was changed for it. */
async function found(wanted = plan()) {
  host.takeWrites();
  const { findings } = await host.linux.examine(wanted);
  expect(host.takeWrites()).toEqual([]);
  return findings.map(({ check, subject, problem, command, isSafe }) => ({
    check,
    subject,
    problem,
    command,
    isSafe,
  }));
}

/** A dnsmasq of somebody else's. */
async function someDnsmasq(...options: string[]): Promise<void> {
  const [program = '', ...args] = inNamespace(host.network.netns('host'), [
    'dnsmasq',
    '--keep-in-foreground',
    '--conf-file=/dev/null',
    '--port=0',
    ...options,
  ]);
  const child = spawn(program, args, { stdio: 'ignore' });
  onTestFinished(async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  await once(child, 'spawn');
  intruder = child.pid ?? 0;
  await waitFor(async () => (await found()).length > 0, { limitMs: 5_000, what: 'the other dnsmasq runs' });
}
let intruder = 0;

describe('a host that is as planned', () => {
  it('has nothing wrong with it', async () => {
    await host.linux.converge(plan());
    expect(await found()).toEqual([]);
    const { checked } = await host.linux.examine(plan());
    expect(checked.map(({ check }) => check)).toEqual([
      'intent',
      'interfaces',
      'modules',
      'leftovers',
      'devices',
      'settings',
      'rules',
      'floating IPs',
      'reverse path',
      'dhcp',
      'names',
      'router advertisements',
    ]);
    expect(checked.filter(({ isOk }) => !isOk)).toEqual([]);
  });

  it('has nothing wrong with it in the eyes of another program', async () => {
    await host.linux.converge(plan());
    const other = new LinuxHost(new SpawnCommandRunner({ netns: host.network.netns('host') }));
    expect((await other.examine(plan())).findings).toEqual([]);
  });

  it('has nothing wrong with it when nothing is planned', async () => {
    const nothing = plan([], {}, {});
    await host.linux.converge(nothing);
    expect(await found(nothing)).toEqual([]);
  });
});

/** One thing that goes wrong on a host, and all that is told of it. */
interface Breakage {
  readonly name: string;
  readonly break: () => Promise<unknown>;
  readonly check: string;
  readonly subject: string;
  readonly problem: unknown;
  /** Undefined: to converge. */
  readonly command?: string | RegExp | (() => string);
  /** What it takes when that does not. */
  readonly mend?: () => Promise<unknown>;
}

const rules = (...args: string[]) => host.run('iptables', ...args);
const kill = async (pid: Promise<number>) => {
  const id = await pid;
  process.kill(id, 'SIGKILL');
  await waitFor(async () => (await found()).length > 0, { limitMs: 5_000, what: 'it is dead' });
};
const networksPath = () => join(host.directory, 'networks');

const BREAKAGES: readonly Breakage[] = [
  {
    name: 'forwarding is off',
    break: () => host.run('sysctl', '-w', 'net.ipv4.ip_forward=0'),
    check: 'settings',
    subject: 'net.ipv4.ip_forward',
    problem: 'it is 0, and not 1',
    command: 'sysctl -w net.ipv4.ip_forward=1',
  },
  {
    name: 'a rule of a floating IP is deleted',
    break: () => rules('-t', 'nat', '-D', 'nova-network-float-snat', '1'),
    check: 'rules',
    subject: 'iptables nat',
    problem: 'the rules of nova-network-float-snat are not as planned',
  },
  {
    name: 'a table is flushed',
    break: () => rules('-t', 'nat', '-F'),
    check: 'rules',
    subject: 'iptables nat',
    problem: expect.stringMatching(/^the rules of .* and \d+ more are not as planned$/),
  },
  {
    name: 'the bridge is gone, and with it all that stands on it',
    break: () => host.ip('link del br100'),
    check: 'devices',
    subject: 'br100',
    problem: 'this device does not exist',
  },
  {
    name: 'the bridge is down',
    break: () => host.ip('link set dev br100 down'),
    check: 'devices',
    subject: 'br100',
    problem: 'this device is not as planned',
  },
  {
    name: 'the bridge has lost its address',
    break: () => host.ip('addr del 10.0.0.1/24 dev br100'),
    check: 'devices',
    subject: 'br100',
    problem: 'this device is not as planned',
    command: /^ip addr \w+ 10\.0\.0\.1\/24 .*dev br100/,
  },
  {
    name: 'the interface is not in the bridge',
    break: () => host.ip('link set dev eth1 nomaster'),
    check: 'devices',
    subject: 'br100',
    problem: 'this device is not as planned',
  },
  {
    name: 'the interface is in another bridge',
    break: () => host.ip('link add virbr0 type bridge', 'link set dev eth1 master virbr0'),
    check: 'interfaces',
    subject: 'eth1',
    problem: 'it is in virbr0, and not in br100',
    command: 'ip link set dev eth1 nomaster',
    mend: () => host.ip('link set dev eth1 nomaster'),
  },
  {
    name: 'the interface is down',
    break: () => host.ip('link set dev eth1 down'),
    check: 'interfaces',
    subject: 'eth1',
    problem: 'this interface is down',
    command: 'ip link set dev eth1 up',
  },
  {
    name: 'the interface does not exist',
    break: () => host.ip('link set dev eth1 name eth9'),
    check: 'interfaces',
    subject: 'eth1',
    problem: 'this interface does not exist',
    mend: () => host.ip('link set dev eth9 name eth1'),
  },
  {
    name: 'nothing is at the other end of the interface',
    break: () => host.network.ip('wire', 'link set dev eth1 down'),
    check: 'interfaces',
    subject: 'eth1',
    problem: 'nothing is at its other end',
    command: 'ip -s link show dev eth1',
    mend: async () => {
      await host.network.ip('wire', 'link set dev eth1 up');
      await waitFor(async () => (await found()).length === 0, { limitMs: 5_000, what: 'eth1 has a carrier' });
    },
  },
  {
    name: 'the public interface is down',
    break: () => host.ip('link set dev eth0 down'),
    check: 'interfaces',
    subject: 'eth0',
    problem: 'this interface is down',
    command: 'ip link set dev eth0 up',
    mend: async () => {
      await host.ip('link set dev eth0 up');
      await waitFor(async () => (await found()).length === 0, { limitMs: 5_000, what: 'eth0 has a carrier' });
    },
  },
  {
    name: 'the floating IP is not on the public interface',
    break: () => host.ip('addr del 198.51.100.5/32 dev eth0'),
    check: 'floating IPs',
    subject: '198.51.100.5',
    problem: 'it is not on eth0',
  },
  {
    name: 'dnsmasq is killed',
    break: () => kill(host.dnsmasqPid()),
    check: 'dhcp',
    subject: 'br100',
    problem: 'no dnsmasq runs for it',
  },
  {
    name: 'dnsmasq was not told of an instance',
    break: () => rm(join(networksPath(), 'nova-br100.hosts.d', 'fa:16:3e:00:00:01')),
    check: 'dhcp',
    subject: 'br100',
    problem: 'its dnsmasq was not told of the instances as they are',
  },
  {
    name: 'another dnsmasq serves the bridge as well',
    break: () => someDnsmasq('--interface=br100', '--except-interface=lo', '--pid-file='),
    check: 'dhcp',
    subject: 'br100',
    problem: expect.stringMatching(/^there is one dnsmasq too many: process \d+$/),
    command: () => `kill ${intruder}`,
    mend: async () => {
      process.kill(intruder);
      await waitFor(async () => (await found()).length === 0, { limitMs: 5_000, what: 'the other one ends' });
    },
  },
  {
    name: 'the names of instances are overwritten',
    break: () => writeFile(plan().names.path, '10.0.0.9 liar.novalocal\n'),
    check: 'names',
    subject: 'FILE',
    problem: 'the names in it are not as planned',
  },
  {
    name: 'radvd is killed',
    break: async () => kill(host.radvdPid()),
    check: 'router advertisements',
    subject: 'br100',
    problem: 'no radvd runs for it',
  },
  {
    name: 'a bridge of nova is left behind and has an address of the network',
    break: () => host.ip('link add br101 type bridge', 'addr add 10.0.0.7/24 dev br101'),
    check: 'leftovers',
    subject: 'br101',
    problem: 'it serves nothing',
    command: 'ip link del br101',
    mend: () => host.ip('link del br101'),
  },
  {
    name: 'answers leave by another interface than the one that filters strictly',
    break: async () => {
      await host.ip('link add eth2 type veth peer name eth3', 'link set dev eth2 up', 'link set dev eth3 up');
      await host.ip('addr add 203.0.113.2/24 dev eth2', 'route replace default via 203.0.113.1 dev eth2');
      await host.run('sysctl', '-w', 'net.ipv4.conf.eth0.rp_filter=1');
    },
    check: 'reverse path',
    subject: 'eth0',
    problem: 'reverse path filtering is strict on it',
    command: 'sysctl -w net.ipv4.conf.eth0.rp_filter=2',
    mend: () => host.run('sysctl', '-w', 'net.ipv4.conf.eth0.rp_filter=2'),
  },
];

describe('one thing is wrong', () => {
  test.each(BREAKAGES)('$name: that is named, and nothing else', async (one) => {
    await host.linux.converge(plan());
    expect(await found()).toEqual([]);
    await one.break();
    const command = typeof one.command === 'function' ? one.command() : one.command;
    const subject = one.subject === 'FILE' ? plan().names.path : one.subject;
    const { check, problem, mend } = one;
    const before = await found();
    expect(before).toMatchObject([{ check, subject, problem, isSafe: mend === undefined }]);
    expect(before[0]?.command ?? 'converge').toMatch(command ?? 'converge');
    await mend?.();
    await host.linux.converge(plan());
    expect(await found()).toEqual([]);
  });
});

it.skipIf(existsSync('/proc/net/vlan/config'))(
  'says which module the kernel lacks, and not that VLANs are missing',
  async () => {
    const vlans = plan([{ bridgeInterface: parseDeviceName('eth1'), vlan: 100 }]);
    await host.linux.converge(vlans);
    const command = 'modprobe 8021q';
    expect(await found(vlans)).toMatchObject([
      { check: 'modules', subject: '8021q', command, isSafe: false },
    ]);
  },
);

it('says that packets of bridges pass the security groups by', async () => {
  const filtered = plan(NETWORKS, SETTINGS, {
    ...MORE,
    filters: { instances: [filteredInstance(1, 'tap1')], members: new Map(), providerRules: [] },
  });
  await host.linux.converge(filtered);
  expect(await found(filtered)).toEqual([]);
  await host.run('sysctl', '-w', 'net.bridge.bridge-nf-call-iptables=0');
  expect(await found(filtered)).toMatchObject([
    {
      check: 'settings',
      subject: 'net.bridge.bridge-nf-call-iptables',
      command: 'sysctl -w net.bridge.bridge-nf-call-iptables=1',
      isSafe: true,
    },
  ]);
});

it('has nothing against strict filtering where answers leave by several interfaces, this one among them', async () => {
  await host.linux.converge(plan());
  await host.ip('link add eth2 type veth peer name eth3', 'link set dev eth2 up', 'link set dev eth3 up');
  await host.ip('addr add 203.0.113.2/24 dev eth2', 'addr add 192.0.2.2/24 dev eth0');
  const ways = 'nexthop via 203.0.113.1 dev eth2 nexthop via 192.0.2.1 dev eth0';
  await host.ip(`route replace default ${ways}`);
  await host.run('sysctl', '-w', 'net.ipv4.conf.eth0.rp_filter=1');
  expect(await found()).toEqual([]);
});

it('names a bridge of ours that no network needs any more', async () => {
  await host.linux.converge(plan());
  const nothing = plan([], {}, {});
  const findings = await found(nothing);
  expect(findings[0]).toMatchObject({ check: 'leftovers', subject: 'br100', isSafe: true });
  await host.linux.converge(nothing);
  expect(await found(nothing)).toEqual([]);
});

it('names the program that is missing', async () => {
  await host.linux.converge(plan());
  const env = await TestHost.pathWithout('iptables-save');
  host.cleanUp.push(env['PATH'] ?? '');
  const poor = new LinuxHost(new SpawnCommandRunner({ netns: host.network.netns('host'), env }));
  const { findings } = await poor.examine(plan());
  expect(findings).toMatchObject([
    {
      check: 'tools',
      problem: 'the host cannot be looked at',
      explanation: expect.stringContaining('iptables-save'),
    },
  ]);
});
