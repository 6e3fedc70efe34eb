import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostSettings, type NetworkIntent, planHost } from '@novanet/host-plan';
import { dhcpHost, intentOf, networkOf, v4Of } from '@novanet/host-plan/testing';
import { Ipv4, Ipv6, Ipv6Cidr, parseHostName } from '@novanet/net-address';
import { dhcpLease, expectPing, runCommand, TestNetwork, tryCommand, waitFor } from '@novanet/testbed';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { expectIpv6Address, expectIpv6Routers, routerAddress } from '../test/ipv6-state.js';
import { dhcpAnswers, type DhcpMessageKind } from '../test/dhcp-message.js';
import { RouterListener } from '../test/router-listener.js';
import { LinuxHost, SpawnCommandRunner } from './index.js';

type Role = 'switch' | 'host1' | 'host2' | 'vm1' | 'vm2';

const INSTANCE1 = { role: 'vm1', mac: 'fa:16:3e:00:00:01', address: '10.0.0.11', host: 'host1' } as const;
const INSTANCE2 = { role: 'vm2', mac: 'fa:16:3e:00:00:02', address: '10.0.0.12', host: 'host2' } as const;
type Instance = typeof INSTANCE1 | typeof INSTANCE2;
const PREFIX = Ipv6Cidr.parse('fd00::/64');

let network: TestNetwork<Role>;
let directory: string;

/** Two hosts on one segment, each with an instance of the same multi-host network. */
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'novanet-multi-host-'));
  await chmod(directory, 0o755);
  network = await TestNetwork.create<Role>(['switch', 'host1', 'host2', 'vm1', 'vm2']);
  await network.ip('switch', 'link add sw type bridge', 'link set sw up');
  for (const host of ['host1', 'host2'] as const) {
    await network.cable({ role: host, device: 'eth1' }, { role: 'switch', device: host, master: 'sw' });
  }
});
afterEach(async () => {
  await network.remove();
  await rm(directory, { recursive: true, force: true });
});

/** As the worker of one host sees the network: its own address, its own instances. */
async function converge(
  instance: Instance,
  server: string,
  changes: Partial<NetworkIntent> = {},
  more: Partial<HostSettings> = {},
): Promise<void> {
  const here = join(directory, instance.host);
  const settings = {
    host: parseHostName(instance.host),
    networksPath: join(here, 'networks'),
    spoolPath: join(here, 'spool'),
    dhcpBridge: join(import.meta.dirname, '..', 'test', 'lease-script.sh'),
    ...more,
  };
  const intent = networkOf({
    isMultiHost: true,
    v4: v4Of({ dhcpServer: Ipv4.parse(server) }),
    dhcpHosts: [dhcpHost(instance.mac, instance.address, instance.role)],
    ...changes,
  });
  const runner = new SpawnCommandRunner({ netns: network.netns(instance.host) });
  const report = await new LinuxHost(runner).converge(planHost(intentOf([intent], settings)));
  expect(report.problems).toEqual([]);
}

async function plug({ role, mac, host }: Instance): Promise<string> {
  await network.cable({ role: host, device: 'tap1', master: 'br100' }, { role, device: 'eth0', mac });
  const isForwarding = async () =>
    ['tap1', 'eth1'].every((device) => links.includes(device)) &&
    (links = await network.run(host, ['bridge', 'link'])).split('forwarding').length === 3;
  let links = await network.run(host, ['bridge', 'link']);
  await waitFor(isForwarding, { limitMs: 3000, what: `${host} forwards` });
  return network.netns(role);
}

/** Everybody who answers for the address, as this machine hears it. */
async function macsOf(netns: string, ask: string): Promise<string[]> {
  await runCommand(['ip', 'neigh', 'flush', 'dev', 'eth0'], { netns });
  await expectPing(netns, ask.startsWith('fe80:') ? `${ask}%eth0` : ask);
  const lines = (await runCommand(['ip', '-o', 'neigh', 'show', ask, 'dev', 'eth0'], { netns })).trim();
  return [...lines.matchAll(/lladdr (\S+)/g)].map(([, mac = '']) => mac);
}

async function bridgeMac(host: Instance['host']): Promise<string> {
  return (await network.run(host, ['cat', '/sys/class/net/br100/address'])).trim();
}

describe('hosts that have an address each', () => {
  const [SERVER1, SERVER2] = ['10.0.0.7', '10.0.0.8'];

  beforeEach(async () => {
    await converge(INSTANCE1, SERVER1);
    await converge(INSTANCE2, SERVER2);
  });

  test('are DHCP server and router of their own instances, which reach each other', async () => {
    const vm1 = await plug(INSTANCE1);
    const vm2 = await plug(INSTANCE2);
    expect(await dhcpLease(vm1, 'eth0')).toMatchObject({
      address: '10.0.0.11',
      routers: [SERVER1],
      server: SERVER1,
    });
    expect(await dhcpLease(vm2, 'eth0')).toMatchObject({
      address: '10.0.0.12',
      routers: [SERVER2],
      server: SERVER2,
    });
    await expectPing(vm1, '10.0.0.12');
  });

  test.each([
    { kind: 'discover' as const, answer: 'offer' },
    { kind: 'init-reboot' as const, answer: 'ack' },
    { kind: 'rebind' as const, answer: 'ack' },
    { kind: 'inform' as const, answer: 'ack' },
    { kind: 'bootp' as const, answer: 'bootp' },
  ])('alone answer $kind of their own instances, and nobody else does', async ({ kind, answer }) => {
    const vm1 = await plug(INSTANCE1);
    await dhcpLease(vm1, 'eth0');
    const server = answer === 'bootp' ? '' : ` ${SERVER1}`;
    expect(await dhcpAnswers(vm1, kind, INSTANCE1)).toEqual([`${answer}${server}`]);
  });

  test.each<{ kind: DhcpMessageKind }>([
    { kind: 'discover' },
    { kind: 'init-reboot' },
    { kind: 'rebind' },
    { kind: 'inform' },
    { kind: 'bootp' },
  ])('say nothing to $kind when the other is dead, not even no', async ({ kind }) => {
    const vm1 = await plug(INSTANCE1);
    await dhcpLease(vm1, 'eth0');
    const pidFile = join(directory, 'host1', 'networks', 'nova-br100.pid');
    process.kill(Number(await readFile(pidFile, 'utf8')), 'SIGKILL');
    expect(await dhcpAnswers(vm1, kind, INSTANCE1)).toEqual([]);
  });

  test('keep silent about an instance that has left for the other', async () => {
    const vm1 = await plug(INSTANCE1);
    await dhcpLease(vm1, 'eth0');
    await converge(INSTANCE1, SERVER1, { dhcpHosts: [] });
    const hosts = [INSTANCE1, INSTANCE2].map(({ mac, address, role }) => dhcpHost(mac, address, role));
    await converge(INSTANCE2, SERVER2, { dhcpHosts: hosts });
    expect(await dhcpAnswers(vm1, 'rebind', INSTANCE1)).toEqual([]);
    expect(await dhcpAnswers(vm1, 'discover', INSTANCE1)).toEqual([`offer ${SERVER2}`]);
  });
});

describe('hosts that share one address', () => {
  const GATEWAY = '10.0.0.1';
  const shared = { sharesAddress: true, v6: { cidr: PREFIX, gateway: Ipv6.parse('fd00::1') } };

  beforeEach(async () => {
    await converge(INSTANCE1, GATEWAY, shared, { usesIpv6: true });
    await converge(INSTANCE2, GATEWAY, shared, { usesIpv6: true });
  });

  test('each have it for their own instances, over both families, which reach each other', async () => {
    for (const instance of [INSTANCE1, INSTANCE2]) {
      const netns = await plug(instance);
      expect(await dhcpLease(netns, 'eth0')).toMatchObject({ address: instance.address, server: GATEWAY });
      await runCommand(
        ['ip', 'addr', 'add', `fd00::${instance.role === 'vm1' ? 'a' : 'b'}/64`, 'dev', 'eth0'],
        {
          netns,
        },
      );
      for (let time = 0; time < 5; time += 1) {
        for (const address of [GATEWAY, 'fd00::1']) {
          expect(await macsOf(netns, address)).toEqual([await bridgeMac(instance.host)]);
        }
      }
    }
    await expectPing(network.netns('vm1'), INSTANCE2.address);
    await expectPing(network.netns('vm1'), 'fd00::b');
    expect(await network.run('host1', ['ip', '-6', 'addr', 'show', 'dev', 'br100'])).not.toContain(
      'dadfailed',
    );
    expect(await network.run('host2', ['ip', '-6', 'addr', 'show', 'dev', 'br100'])).not.toContain(
      'dadfailed',
    );
  });

  test('are silent towards the instances of the other when that is dead', async () => {
    const vm1 = await plug(INSTANCE1);
    await dhcpLease(vm1, 'eth0');
    await network.ip('host1', 'addr flush dev br100');
    await runCommand(['ip', 'neigh', 'flush', 'dev', 'eth0'], { netns: vm1 });
    const { exitCode } = await tryCommand(['ping', '-c', '2', '-W', '1', GATEWAY], { netns: vm1 });
    expect(exitCode).not.toBe(0);
    const pidFile = join(directory, 'host1', 'networks', 'nova-br100.pid');
    process.kill(Number(await readFile(pidFile, 'utf8')), 'SIGKILL');
    expect(await dhcpAnswers(vm1, 'discover', INSTANCE1)).toEqual([]);
  });
});

describe.each([
  { name: 'have an address each', servers: ['10.0.0.7', '10.0.0.8'] as const, sharesAddress: false },
  { name: 'share one address', servers: ['10.0.0.1', '10.0.0.1'] as const, sharesAddress: true },
])('hosts that $name, over IPv6', ({ servers, sharesAddress }) => {
  const both = { sharesAddress, v6: { cidr: PREFIX, gateway: Ipv6.parse('fd00::1') } };

  beforeEach(async () => {
    await converge(INSTANCE1, servers[0], both, { usesIpv6: true });
    await converge(INSTANCE2, servers[1], both, { usesIpv6: true });
  });

  const routerOn = (host: Instance['host']) => routerAddress(network.netns(host), 'br100');

  /** Makes the router of a host say that it is one, now. */
  async function advertise(host: Instance['host']): Promise<void> {
    const pidFile = join(directory, host, 'networks', 'nova-ra-br100.pid');
    process.kill(Number(await readFile(pidFile, 'utf8')), 'SIGHUP');
  }

  test('are the router of their own instances alone, which reach each other', async () => {
    const vm1 = await plug(INSTANCE1);
    const vm2 = await plug(INSTANCE2);
    await expectIpv6Address(vm1, 'fd00::f816:3eff:fe00:1');
    await expectIpv6Address(vm2, 'fd00::f816:3eff:fe00:2');
    expect(await routerOn('host1')).not.toBe(await routerOn('host2'));
    await expectIpv6Routers(vm1, [await routerOn('host1')]);
    await expectIpv6Routers(vm2, [await routerOn('host2')]);
    await expectPing(vm1, 'fd00::f816:3eff:fe00:2');
  });

  test('are not heard by the instances of the other', async () => {
    const [vm1, vm2] = [await plug(INSTANCE1), await plug(INSTANCE2)];
    const [router1, router2] = [await routerOn('host1'), await routerOn('host2')];
    await expectIpv6Routers(vm1, [router1]);
    await expectIpv6Routers(vm2, [router2]);
    const places = [vm1, vm2, network.netns('switch')];
    const listeners = await Promise.all(places.map((netns) => RouterListener.start(netns)));
    const [ear1, ear2] = listeners;
    await advertise('host2');
    await ear2?.hears(router2);
    await advertise('host1');
    await ear1?.hears(router1);
    expect(listeners.map((ear) => ear.routers())).toEqual([[router1], [router2], []]);
    for (const ear of listeners) ear.close();
  });

  test('each answer for the address of the network themselves', async () => {
    for (const instance of [INSTANCE1, INSTANCE2]) {
      const netns = await plug(instance);
      await expectIpv6Routers(netns, [await routerOn(instance.host)]);
      for (const address of ['fd00::1', 'fe80::a9fe:a9fe']) {
        expect(await macsOf(netns, address)).toEqual([await bridgeMac(instance.host)]);
      }
    }
  });
});
