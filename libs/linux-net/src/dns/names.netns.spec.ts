import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { dhcpHost, v4Of } from '@novanet/host-plan/testing';
import { Ipv4, parseDeviceName } from '@novanet/net-address';
import { dhcpLease } from '@novanet/testbed';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askName } from '../../test/ask-name.js';
import { startNameServer } from '../../test/name-server.js';
import { TestHost } from '../../test/test-host.js';

const MAC = 'fa:16:3e:00:00:01';
const dhcpHosts = [dhcpHost(MAC, '10.0.0.3', 'vm-one')];

let host: TestHost;
beforeEach(async () => {
  host = await TestHost.create();
});
afterEach(() => host.remove());

/** Names of the host: `www.example.org 203.0.113.5`. */
async function serve(...lines: readonly string[]): Promise<void> {
  const names = lines.map((line) => {
    const [name = '', address = ''] = line.split(' ');
    return { name, address: Ipv4.parse(address) };
  });
  expect((await host.converge([{ dhcpHosts }], {}, { names })).problems).toEqual([]);
}

async function boot(): Promise<(name: string) => ReturnType<typeof askName>> {
  await host.plug('vm1', MAC);
  const netns = host.network.netns('vm1');
  await dhcpLease(netns, 'eth0');
  return (name) => askName(netns, '10.0.0.1', name);
}

test('an instance is told names as they are added, changed and removed, by the same dnsmasq with the same leases', async () => {
  await serve('www.example.org 203.0.113.5');
  const ask = await boot();
  const pid = await host.dnsmasqPid();
  const events = await host.leaseEvents();
  expect(await ask('www.example.org')).toEqual(['203.0.113.5']);
  host.takeWrites();
  await serve('www.example.org 203.0.113.5', 'db.example.org 203.0.113.6');
  expect(await ask('db.example.org')).toEqual(['203.0.113.6']);
  await serve('www.example.org 203.0.113.9', 'db.example.org 203.0.113.6');
  expect(await ask('www.example.org')).toEqual(['203.0.113.9']);
  await serve('db.example.org 203.0.113.6');
  expect(await ask('www.example.org')).toEqual([]);
  expect(await ask('db.example.org')).toEqual(['203.0.113.6']);
  await serve();
  expect(await ask('db.example.org')).toEqual([]);
  expect(host.takeWrites()).toEqual([]);
  expect(await host.dnsmasqPid()).toBe(pid);
  expect(await host.leaseEvents()).toEqual(events);
  expect(await ask('vm-one.novalocal')).toEqual(['10.0.0.3']);
});

test('a name that has two addresses is told with both', async () => {
  await serve('www.example.org 203.0.113.5', 'www.example.org 203.0.113.6');
  const ask = await boot();
  expect(new Set(await ask('www.example.org'))).toEqual(new Set(['203.0.113.5', '203.0.113.6']));
});

test('every change is told at once, a hundred times of a hundred', { timeout: 60_000 }, async () => {
  await serve();
  const ask = await boot();
  const told: string[] = [];
  const wanted: string[] = [];
  for (let i = 0; i < 100; i += 1) {
    wanted.push(`203.0.113.${i}`);
    await serve(`www.example.org 203.0.113.${i}`);
    told.push(String(await ask('www.example.org')));
  }
  expect(told).toEqual(wanted);
});

test('the instances of all networks are told the same', async () => {
  const second = {
    id: 2,
    bridge: parseDeviceName('br200'),
    bridgeInterface: undefined,
    v4: v4Of({}, '10.0.1.0/24'),
  };
  const names = [{ name: 'www.example.org', address: Ipv4.parse('203.0.113.5') }];
  await host.converge([{ dhcpHosts }, second], {}, { names });
  const ask = await boot();
  expect(await ask('www.example.org')).toEqual(['203.0.113.5']);
  await host.network.ip('vm1', 'route replace default via 10.0.0.1');
  expect(await askName(host.network.netns('host'), '10.0.1.1', 'www.example.org')).toEqual(['203.0.113.5']);
});

test('names are told again after somebody took their directory away', async () => {
  await serve('www.example.org 203.0.113.5');
  const ask = await boot();
  await rm(join(host.directory, 'networks', 'nova-names.d'), { recursive: true });
  await serve('www.example.org 203.0.113.7');
  expect(await ask('www.example.org')).toEqual(['203.0.113.7']);
  await serve();
  expect(await ask('www.example.org')).toEqual([]);
});

test('names survive that dnsmasq must forget its hosts', async () => {
  await serve('www.example.org 203.0.113.5');
  const ask = await boot();
  const names = [{ name: 'www.example.org', address: Ipv4.parse('203.0.113.5') }];
  const taken = [dhcpHost('fa:16:3e:00:00:09', '10.0.0.3', 'next')];
  await host.converge([{ dhcpHosts: taken }], {}, { names });
  expect(await ask('www.example.org')).toEqual(['203.0.113.5']);
});

test("what the instances' domain has not is denied without asking anybody else", async () => {
  const names = [{ name: 'web.cloud.example', address: Ipv4.parse('10.0.0.3') }];
  // a name server that says nothing: whoever asks it waits
  const settings = { instanceDnsDomain: 'cloud.example', dnsServers: [Ipv4.parse('192.0.2.1')] };
  expect((await host.converge([{ dhcpHosts }], settings, { names })).problems).toEqual([]);
  await host.plug('vm1', MAC);
  const netns = host.network.netns('vm1');
  await dhcpLease(netns, 'eth0');
  expect(await askName(netns, '10.0.0.1', 'web.cloud.example')).toEqual(['10.0.0.3']);
  expect(await askName(netns, '10.0.0.1', 'nobody.cloud.example')).toEqual('name error');
  expect(await askName(netns, '10.0.0.1', 'nobody.elsewhere.example')).toEqual('silence');
});

test('what others know is asked of the name servers once, and told from memory after that', async () => {
  const stop = await startNameServer(host.network.netns('outside'));
  try {
    const settings = { dnsServers: [Ipv4.parse('192.0.2.1')] };
    expect((await host.converge([{ dhcpHosts }], settings)).problems).toEqual([]);
    const ask = await boot();
    const answers = [await ask('www.elsewhere.example'), await ask('www.elsewhere.example')];
    expect(answers).toEqual([['203.0.113.1'], ['203.0.113.1']]);
    expect(await ask('db.elsewhere.example')).toEqual(['203.0.113.2']);
    expect(await ask('vm-one.novalocal')).toEqual(['10.0.0.3']);
  } finally {
    stop();
  }
});

test('instances of other hosts are told by their names as they come, move and go, by the same dnsmasq', async () => {
  const serveAlso = async (...others: readonly string[]) => {
    const instanceNames = ['vm-one 10.0.0.3', ...others].map((line) => {
      const [hostname = '', address = ''] = line.split(' ');
      return { hostname, address: Ipv4.parse(address) };
    });
    const neighbour = { id: 2, bridge: parseDeviceName('br200'), bridgeInterface: undefined };
    const networks = [
      { dhcpHosts, isMultiHost: true, instanceNames },
      { ...neighbour, v4: v4Of({}, '10.0.1.0/24'), isMultiHost: true, instanceNames: [] },
    ];
    expect((await host.converge(networks)).problems).toEqual([]);
    expect(await host.converge(networks)).toMatchObject({ changed: false });
  };
  await serveAlso('far 10.0.0.9');
  const ask = await boot();
  const pid = await host.dnsmasqPid();
  host.takeWrites();
  expect(await ask('far.novalocal')).toEqual(['10.0.0.9']);
  await serveAlso('far 10.0.0.10', 'new 10.0.0.11');
  expect([await ask('far.novalocal'), await ask('new.novalocal')]).toEqual([['10.0.0.10'], ['10.0.0.11']]);
  const elsewhere = await askName(host.network.netns('host'), '10.0.1.1', 'far.novalocal');
  expect(elsewhere).not.toContain('10.0.0.10');
  await serveAlso('new 10.0.0.11');
  expect(await ask('far.novalocal')).toEqual([]);
  expect(await ask('vm-one.novalocal')).toEqual(['10.0.0.3']);
  expect(host.takeWrites()).toEqual([]);
  expect(await host.dnsmasqPid()).toBe(pid);
  await rm(join(host.directory, 'networks', 'nova-br100.names.d'), { recursive: true });
  await serveAlso('far 10.0.0.12');
  expect(await ask('far.novalocal')).toEqual(['10.0.0.12']);
  await host.converge([{ dhcpHosts }]);
  expect(await ask('far.novalocal')).toEqual([]);
  expect(await readdir(join(host.directory, 'networks'))).not.toContain('nova-br100.names.d');
  await serveAlso();
  await host.converge([]);
  expect(await readdir(join(host.directory, 'networks'))).toEqual([]);
});
