import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NetworkIntent } from '@novanet/host-plan';
import { v4Of } from '@novanet/host-plan/testing';
import { Ipv6, Ipv6Cidr, parseDeviceName } from '@novanet/net-address';
import { processesIn, waitFor } from '@novanet/testbed';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { expectIpv6Address, ipv6Routers } from '../../test/ipv6-state.js';
import { RouterListener } from '../../test/router-listener.js';
import { TestHost } from '../../test/test-host.js';
import { LinuxHost, SpawnCommandRunner } from '../index.js';

const MAC = 'fa:16:3e:00:00:01';
const V6 = { cidr: Ipv6Cidr.parse('fd00:0:0:1::/64'), gateway: Ipv6.parse('fd00:0:0:1::1') };
const OTHER_V6 = { cidr: Ipv6Cidr.parse('fd00:0:0:2::/64'), gateway: Ipv6.parse('fd00:0:0:2::1') };
const OTHER_ADDRESS = 'fd00::2:f816:3eff:fe00:1';
const ADDRESS = 'fd00::1:f816:3eff:fe00:1';
const SECOND = {
  id: 2,
  bridge: parseDeviceName('br200'),
  bridgeInterface: undefined,
  v4: v4Of({}, '10.0.1.0/24'),
  v6: OTHER_V6,
};

let host: TestHost;
beforeEach(async () => {
  host = await TestHost.create();
});
afterEach(() => host.remove());

const advertise = (...networks: readonly Partial<NetworkIntent>[]) =>
  host.converge(networks.length === 0 ? [{ v6: V6 }] : networks, { usesIpv6: true });

const pathOf = (name: string) => join(host.directory, 'networks', name);

async function commandLine(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
}

async function dies(pid: number): Promise<void> {
  await waitFor(async () => (await commandLine(pid)) === '', { limitMs: 5000, what: `process ${pid} dies` });
}

/** Both processes of each radvd. */
async function radvds(): Promise<number[]> {
  const pids = (await processesIn(host.network.netns('host'))).map(({ pid }) => pid);
  const lines = await Promise.all(pids.map(commandLine));
  return pids.filter((_, index) => lines[index]?.startsWith('radvd\0'));
}

/** An instance that has its address and its router. */
async function boot(): Promise<string> {
  await host.plug('vm1', MAC);
  const netns = host.network.netns('vm1');
  await expectIpv6Address(netns, ADDRESS);
  expect(await ipv6Routers(netns)).toHaveLength(1);
  return netns;
}

/** Fails when an instance is told meanwhile that it has no router, and when it is told nothing at all. */
async function withoutFarewell(netns: string, work: () => Promise<unknown>): Promise<void> {
  const [router = 'none'] = await ipv6Routers(netns);
  const ear = await RouterListener.start(netns);
  const before = ear.count;
  await work();
  await ear.hears(router, before);
  expect(ear.farewells()).toEqual([]);
  expect(await ipv6Routers(netns)).toEqual([router]);
  ear.close();
}

describe('a radvd', () => {
  test('is started once for each bridge, and looked at by the next converge', async () => {
    expect(await advertise({ v6: V6 }, SECOND)).toMatchObject({ changed: true, problems: [] });
    const writes = host.takeWrites();
    expect(writes.filter((line) => line.startsWith('radvd')).toSorted()).toEqual([
      `radvd -C ${pathOf('nova-ra-br100.conf')} -p ${pathOf('nova-ra-br100.pid')}`,
      `radvd -C ${pathOf('nova-ra-br200.conf')} -p ${pathOf('nova-ra-br200.pid')}`,
    ]);
    expect(await radvds()).toHaveLength(4);
    expect(await advertise({ v6: V6 }, SECOND)).toMatchObject({ changed: false, problems: [] });
    expect(host.takeWrites()).toEqual([]);
  });

  test('survives the worker, and the next worker finds it in order', async () => {
    await advertise();
    const pid = await host.radvdPid();
    host.takeWrites();
    const next = new LinuxHost(host.runner);
    const report = await next.converge(host.plan([{ v6: V6 }], { usesIpv6: true }));
    expect(report).toMatchObject({ changed: false, problems: [] });
    expect(host.takeWrites()).toEqual([]);
    expect(await host.radvdPid()).toBe(pid);
  });

  test('that was killed is back, and its instances have not noticed', async () => {
    await advertise();
    const netns = await boot();
    await withoutFarewell(netns, async () => {
      const pid = await host.radvdPid();
      process.kill(pid, 'SIGKILL');
      await dies(pid);
      expect(await advertise()).toMatchObject({ changed: true, problems: [] });
    });
    expect(await radvds()).toHaveLength(2);
  });

  test.each([
    { name: 'was lost', lose: () => rm(pathOf('nova-ra-br100.pid')) },
    { name: 'is empty', lose: () => writeFile(pathOf('nova-ra-br100.pid'), '') },
    {
      name: 'is that of another process',
      lose: () => writeFile(pathOf('nova-ra-br100.pid'), `${process.pid}\n`),
    },
  ])('whose pid file $name is replaced, not doubled, and its instances do not notice', async ({ lose }) => {
    await advertise();
    const netns = await boot();
    const first = await host.radvdPid();
    await withoutFarewell(netns, async () => {
      await lose();
      expect(await advertise()).toMatchObject({ changed: true, problems: [] });
    });
    expect(await commandLine(first)).toBe('');
    expect(await radvds()).toHaveLength(2);
    expect(await radvds()).toContain(await host.radvdPid());
  });

  test('is told a new prefix, and neither ends nor says that it does', async () => {
    await advertise();
    const netns = await boot();
    const pid = await host.radvdPid();
    await withoutFarewell(netns, () => advertise({ v6: OTHER_V6 }));
    await expectIpv6Address(netns, OTHER_ADDRESS);
    expect(await host.radvdPid()).toBe(pid);
    host.takeWrites();
    expect(await advertise({ v6: OTHER_V6 })).toMatchObject({ changed: false });
  });

  test('is told the new prefix by the next worker when one died after it had written it down', async () => {
    await advertise();
    const netns = await boot();
    const [plan] = host.plan([{ v6: OTHER_V6 }], { usesIpv6: true }).routerAdvertisements;
    await writeFile(pathOf('.nova-ra-br100.conf.unread'), '');
    await writeFile(pathOf('nova-ra-br100.conf'), plan?.config.content ?? '');
    expect(await advertise({ v6: OTHER_V6 })).toMatchObject({ changed: true });
    await expectIpv6Address(netns, OTHER_ADDRESS);
    expect(await advertise({ v6: OTHER_V6 })).toMatchObject({ changed: false });
  });

  test('advertises on a bridge that was deleted and made again', async () => {
    await advertise();
    await host.ip('link del br100');
    expect(await advertise()).toMatchObject({ changed: true, problems: [] });
    await boot();
    expect(await radvds()).toHaveLength(2);
  });

  test('goes with its network, and its files too; another one stays', async () => {
    await advertise({ v6: V6 }, SECOND);
    const [gone, kept] = [await host.radvdPid(), await host.radvdPid('br200')];
    expect(await advertise(SECOND)).toMatchObject({ changed: true, problems: [] });
    expect(await commandLine(gone)).toBe('');
    expect(await commandLine(kept)).toContain('nova-ra-br200');
    expect((await readdir(pathOf(''))).filter((name) => name.includes('br100'))).toEqual([]);
    expect(await host.converge([])).toMatchObject({ changed: true, problems: [] });
    expect(await radvds()).toEqual([]);
  });

  test('of an operator is left alone', async () => {
    const file = join(host.directory, 'radvd.conf');
    await writeFile(file, 'interface eth0 { AdvSendAdvert on; };\n');
    await host.run('radvd', '-C', file, '-p', `${file}.pid`);
    const before = await radvds();
    await advertise();
    await host.converge([]);
    expect(await radvds()).toEqual(before);
  });
});

test('a host without IPv6 runs nothing for it', async () => {
  await host.converge([{ v6: V6 }]);
  host.runner.lines.splice(0);
  expect(await host.converge([{ v6: V6 }])).toMatchObject({ changed: false, commands: 2 });
  expect(host.runner.lines.filter((line) => /radvd|ip6tables/.test(line))).toEqual([]);
});

describe('a host on which radvd', () => {
  const NETWORKS = [{ v6: V6 }, { ...SECOND, v4: undefined }];

  async function problemsWith(env: Record<string, string>) {
    const runner = new SpawnCommandRunner({ netns: host.network.netns('host'), env });
    const plan = host.plan(NETWORKS, { usesIpv6: true });
    return (await new LinuxHost(runner).converge(plan)).problems;
  }

  test('is missing is told which package to install, and does everything else', async () => {
    const env = await TestHost.pathWithout('radvd');
    host.cleanUp.push(env['PATH'] ?? '');
    const message = expect.stringContaining('install the Debian package radvd');
    expect(await problemsWith(env)).toEqual([
      { subject: 'br100', message },
      { subject: 'br200', message, blocks: 'br200' },
    ]);
    expect(await host.addresses('br100')).toEqual(['10.0.0.1/24', 'fd00:0:0:1::1/64']);
    expect(await commandLine(await host.dnsmasqPid())).toContain('dnsmasq');
  });

  test('refuses to start is reported with its own words', async () => {
    const bin = await mkdtemp(join(tmpdir(), 'novanet-bin-'));
    host.cleanUp.push(bin);
    await writeFile(join(bin, 'radvd'), '#!/bin/sh\necho "no luck today" >&2\nexit 1\n');
    await chmod(join(bin, 'radvd'), 0o755);
    const problems = await problemsWith({ PATH: `${bin}:${process.env['PATH']}` });
    expect(problems[0]?.message).toBe('instances of br100 get no IPv6 address: no luck today');
    // the next worker has one that starts
    expect((await advertise(...NETWORKS)).problems).toEqual([]);
    expect(await host.addresses('br100')).toContain('fd00:0:0:1::1/64');
  });
});
