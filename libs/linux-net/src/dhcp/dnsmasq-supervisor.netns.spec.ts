import { chmod, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { dhcpHost } from '@novanet/host-plan/testing';
import { Ipv4, Ipv4Cidr } from '@novanet/net-address';
import { dhcpLease, waitFor } from '@novanet/testbed';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestHost } from '../../test/test-host.js';
import { LinuxHost, SpawnCommandRunner } from '../index.js';

const MAC_A = 'fa:16:3e:00:00:01';
const MAC_B = 'fa:16:3e:00:00:02';
const A = dhcpHost(MAC_A, '10.0.0.3', 'vm-one');
const B = dhcpHost(MAC_B, '10.0.0.3', 'vm-two');

let host: TestHost;
beforeEach(async () => {
  host = await TestHost.create();
});
afterEach(() => host.remove());

const serve = (...dhcpHosts: readonly (typeof A)[]) => host.converge([{ dhcpHosts }]);
const events = (...expected: string[]) =>
  waitFor(async () => JSON.stringify(await host.leaseEvents()) === JSON.stringify(expected), {
    limitMs: 3000,
    what: `the lease events are ${expected.join(', ')}`,
  });

/** Kills a process and waits until it is dead: that takes a moment. */
async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  const commandLine = () => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  await waitFor(async () => (await commandLine()) === '', { limitMs: 3000, what: `process ${pid} dies` });
}

describe('an instance', () => {
  test('gets its address, router, name and MTU, and the lease is reported', async () => {
    await host.converge([{ mtu: 1400 }]);
    await host.plug('vm1', MAC_A);
    const lease = await dhcpLease(host.network.netns('vm1'), 'eth0');
    expect(lease).toMatchObject({
      address: '10.0.0.3',
      prefixLength: 24,
      routers: ['10.0.0.1'],
      nameServers: ['10.0.0.1'],
      leaseSeconds: 86_400,
      server: '10.0.0.1',
      options: expect.objectContaining({ hostname: 'vm-one', domain: 'novalocal', mtu: '1400' }),
    });
    await events('1 add fa:16:3e:00:00:01 10.0.0.3 vm-one');
  });

  test('that is unknown gets nothing', async () => {
    await serve(A);
    await host.plug('vm1', 'fa:16:3e:99:99:99');
    expect(await host.askForAddress('vm1')).toBeUndefined();
  });

  test('that was removed gets nothing any more', async () => {
    await serve(A);
    await host.plug('vm1', MAC_A);
    expect(await host.askForAddress('vm1')).toBe('10.0.0.3');
    await serve();
    expect(await host.askForAddress('vm1')).toBeUndefined();
  });

  test('that comes back gets its old address', async () => {
    await serve(A);
    await host.plug('vm1', MAC_A);
    await serve();
    await serve(A);
    expect(await host.askForAddress('vm1', 1)).toBe('10.0.0.3');
  });

  test('is answered at its first DISCOVER, a hundred times of a hundred', { timeout: 90_000 }, async () => {
    await host.converge([{ dhcpHosts: [] }]);
    await host.plug('vm1', MAC_A);
    const given: (string | undefined)[] = [];
    const wanted: string[] = [];
    const dhcpHosts: (typeof A)[] = [];
    for (let i = 0; i < 100; i += 1) {
      const mac = `fa:16:3e:00:01:${i.toString(16).padStart(2, '0')}`;
      await host.network.ip('vm1', `link set eth0 address ${mac}`);
      wanted.push(`10.0.0.${10 + i}`);
      dhcpHosts.push(dhcpHost(mac, `10.0.0.${10 + i}`, `vm-${i}`));
      await serve(...dhcpHosts);
      given.push(await host.askForAddress('vm1', 1));
    }
    expect(given).toEqual(wanted);
  });

  test(
    'takes over the address of one that left, at its first DISCOVER, every time',
    { timeout: 60_000 },
    async () => {
      await serve(A);
      await host.plug('vm1', MAC_A);
      await host.plug('vm2', MAC_B);
      for (let round = 0; round < 10; round += 1) {
        expect(await host.askForAddress('vm1', 1)).toBe('10.0.0.3');
        await host.converge([{ dhcpHosts: [B], drainingLeases: [A] }]);
        expect(await host.askForAddress('vm2', 1)).toBe('10.0.0.3');
        await host.converge([{ dhcpHosts: [A], drainingLeases: [B] }]);
      }
      // A reload replays the leases that are held (old); the real events come in order.
      const happened = (await host.leaseEvents()).filter((event) => !event.includes(' old '));
      expect(happened.slice(0, 3)).toEqual([
        '1 add fa:16:3e:00:00:01 10.0.0.3 vm-one',
        '1 del fa:16:3e:00:00:01 10.0.0.3 vm-one',
        '1 add fa:16:3e:00:00:02 10.0.0.3 vm-two',
      ]);
    },
  );
});

describe('the server', () => {
  test('is told new hosts without a command, a restart or an event', async () => {
    await serve(A);
    const pid = await host.dnsmasqPid();
    host.takeWrites();
    await serve(A, dhcpHost(MAC_B, '10.0.0.4', 'vm-two'));
    expect(host.takeWrites()).toEqual([]);
    expect(await host.dnsmasqPid()).toBe(pid);
    expect(await host.leaseEvents()).toEqual([]);
  });

  test('survives the worker, and the next worker finds it in order', async () => {
    await serve(A);
    host.takeWrites();
    const next = new LinuxHost({ runner: host.runner });
    expect(await next.converge(host.plan([{ dhcpHosts: [A] }]))).toMatchObject({ changed: false });
    expect(host.takeWrites()).toEqual([]);
  });

  test('that was killed is started again and knows the leases', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000);
    const held = { dhcpHosts: [A], heldLeases: [{ ...A, expiresAt }] };
    await host.converge([held]);
    await kill(await host.dnsmasqPid());
    expect((await host.converge([held])).problems).toEqual([]);
    await host.plug('vm1', MAC_A);
    expect(await host.askForAddress('vm1', 1)).toBe('10.0.0.3');
    // Three times the held lease: at both starts, and when the instance renews it.
    await waitFor(
      async () => (await host.leaseEvents()).filter((event) => event.includes(' old ')).length >= 3,
      {
        limitMs: 3000,
        what: 'dnsmasq replays the lease it was told',
      },
    );
  });

  test('whose pid file was lost is found and replaced, not doubled', async () => {
    await serve(A);
    const first = await host.dnsmasqPid();
    await rm(join(host.directory, 'networks'), { recursive: true });
    expect((await serve(A)).problems).toEqual([]);
    expect(await host.dnsmasqPid()).not.toBe(first);
    await host.plug('vm1', MAC_A);
    expect(await host.askForAddress('vm1', 1)).toBe('10.0.0.3');
  });

  test.each([
    { name: 'its command line changes', change: { dnsServers: [Ipv4.parse('192.0.2.53')] }, network: {} },
    { name: 'the router it names changes', change: {}, network: { gateway: Ipv4.parse('10.0.0.254') } },
  ])('is restarted when $name', async ({ change, network }) => {
    await host.converge([{}]);
    const first = await host.dnsmasqPid();
    await host.converge([network], change);
    expect(await host.dnsmasqPid()).not.toBe(first);
    expect(await host.converge([network], change)).toMatchObject({ changed: false });
  });

  test('listens on a bridge that was deleted and made again', async () => {
    await serve(A);
    await host.ip('link del br100');
    await serve(A);
    await host.plug('vm1', MAC_A);
    expect(await host.askForAddress('vm1', 1)).toBe('10.0.0.3');
  });

  test('goes with its network, and its files too', async () => {
    await serve(A);
    const pid = await host.dnsmasqPid();
    expect(await host.converge([])).toMatchObject({ changed: true, problems: [] });
    await expect(stat(`/proc/${pid}/fd/0`)).rejects.toThrow('ENOENT');
    expect(await readdir(join(host.directory, 'networks'))).toEqual([]);
  });

  test('is not started where the user nobody could not read its hosts', async () => {
    await chmod(host.directory, 0o700);
    const { problems } = await serve(A);
    expect(problems).toEqual([
      { subject: 'br100', message: expect.stringMatching(/runs as nobody and cannot enter .*chmod/) },
    ]);
    await chmod(host.directory, 0o755);
    expect((await serve(A)).problems).toEqual([]);
  });

  test('that cannot start is reported with its own words', async () => {
    const { problems } = await host.converge([{}], { dhcpBridge: '/nowhere/dhcpbridge' });
    expect(problems).toEqual([
      { subject: 'br100', message: expect.stringMatching(/no DHCP server.*nowhere|script/) },
    ]);
  });

  test('reports a lease it could not give up, and goes on', async () => {
    await symlink('/bin/false', join(host.directory, 'dhcp_release'));
    const runner = new SpawnCommandRunner({
      netns: host.network.netns('host'),
      env: { PATH: `${host.directory}:${process.env['PATH']}` },
    });
    const { problems } = await new LinuxHost({ runner }).converge(
      host.plan([{ dhcpHosts: [A], drainingLeases: [dhcpHost(MAC_B, '10.0.0.9', 'gone')] }]),
    );
    expect(problems).toEqual([{ subject: 'br100', message: expect.stringContaining('10.0.0.9') }]);
  });
});

test('two networks on one bridge serve their own instances', async () => {
  const second = {
    id: 2,
    cidr: Ipv4Cidr.parse('10.0.1.0/24'),
    gateway: Ipv4.parse('10.0.1.1'),
    dhcpServer: Ipv4.parse('10.0.1.1'),
    dhcpStart: Ipv4.parse('10.0.1.2'),
    dhcpHosts: [dhcpHost(MAC_B, '10.0.1.3', 'vm-two')],
  };
  expect((await host.converge([{ dhcpHosts: [A] }, second])).problems).toEqual([]);
  await host.plug('vm1', MAC_A);
  await host.plug('vm2', MAC_B);
  expect(await host.askForAddress('vm1', 1)).toBe('10.0.0.3');
  expect(await host.askForAddress('vm2', 1)).toBe('10.0.1.3');
});
