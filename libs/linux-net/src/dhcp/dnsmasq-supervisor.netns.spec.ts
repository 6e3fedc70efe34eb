import { chmod, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostSettings } from '@novanet/host-plan';
import { dhcpHost, v4Of } from '@novanet/host-plan/testing';
import { Ipv4 } from '@novanet/net-address';
import { waitFor } from '@novanet/testbed';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestHost } from '../../test/test-host.js';
import { type Command, LinuxHost, SpawnCommandRunner } from '../index.js';

const MAC_A = 'fa:16:3e:00:00:01';
const MAC_B = 'fa:16:3e:00:00:02';
const A = dhcpHost(MAC_A, '10.0.0.3', 'vm-one');

let host: TestHost;
beforeEach(async () => {
  host = await TestHost.create();
});
afterEach(() => host.remove());

const serve = (...dhcpHosts: readonly (typeof A)[]) => host.converge([{ dhcpHosts }]);

/** Kills a process and waits until it is dead: that takes a moment. */
async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  const commandLine = () => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  await waitFor(async () => (await commandLine()) === '', { limitMs: 3000, what: `process ${pid} dies` });
}

/** Runs dnsmasq as a worker does that dies right after: nothing that it would do next is done. */
class DyingRunner extends SpawnCommandRunner {
  override async run(command: Command) {
    const result = await super.run(command);
    if (command.argv.includes('dnsmasq')) throw new Error('the worker dies');
    return result;
  }
}

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
    const next = new LinuxHost(host.runner);
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
    {
      name: 'the router it names changes',
      change: {},
      network: { v4: v4Of({ gateway: Ipv4.parse('10.0.0.254') }) },
    },
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

  describe('of a worker that died before it noted how it had started it', () => {
    async function die(change: Partial<HostSettings> = {}): Promise<number> {
      const dying = new LinuxHost(new DyingRunner({ netns: host.network.netns('host') }));
      await dying.converge(host.plan([{ dhcpHosts: [A] }], change));
      return host.dnsmasqPid();
    }

    test('goes with its network, and its files too', async () => {
      const pid = await die();
      expect(await host.converge([])).toMatchObject({ changed: true, problems: [] });
      await expect(stat(`/proc/${pid}/fd/0`)).rejects.toThrow('ENOENT');
      expect(await readdir(join(host.directory, 'networks'))).toEqual([]);
    });

    test('is not mistaken for the one before it', async () => {
      await serve(A);
      const pid = await die({ dnsServers: [Ipv4.parse('192.0.2.53')] });
      expect(await serve(A)).toMatchObject({ changed: true, problems: [] });
      expect(await host.dnsmasqPid()).not.toBe(pid);
    });
  });

  test('serves also from below a directory that only root may enter', async () => {
    await chmod(host.directory, 0o700);
    expect((await serve(A)).problems).toEqual([]);
    await host.plug('vm1', MAC_A);
    expect(await host.askForAddress('vm1', 1)).toBe('10.0.0.3');
  });

  test('that cannot start is reported with its own words', async () => {
    const { problems } = await host.converge([{}], { dhcpBridge: '/nowhere/dhcpbridge' });
    expect(problems).toEqual([
      {
        subject: 'br100',
        message: expect.stringMatching(/no DHCP server.*nowhere|script/),
        blocks: 'br100',
      },
    ]);
  });

  test('reports a lease it could not give up, and goes on', async () => {
    await symlink('/bin/false', join(host.directory, 'dhcp_release'));
    const runner = new SpawnCommandRunner({
      netns: host.network.netns('host'),
      env: { PATH: `${host.directory}:${process.env['PATH']}` },
    });
    const { problems } = await new LinuxHost(runner).converge(
      host.plan([{ dhcpHosts: [A], drainingLeases: [dhcpHost(MAC_B, '10.0.0.9', 'gone')] }]),
    );
    expect(problems).toEqual([{ subject: 'br100', message: expect.stringContaining('10.0.0.9') }]);
  });
});
