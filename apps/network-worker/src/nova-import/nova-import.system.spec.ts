import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importNova } from '@novanet/persistence';
import { fillNova, novaCloud, NovaTestDatabase } from '@novanet/testbed';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { NamespacedWorker } from '../executions/testing/namespaced-worker.js';
import { startServers, type Servers } from '../stress/testing/worker-cloud.js';
import { addressOf, allocate } from '../testing/requests.js';

let servers: Servers;
beforeAll(async () => {
  servers = await startServers();
});
afterAll(() => servers.stop());

/** What nova-network, which was stopped, has left on the host; its last DHCP server still runs. */
async function leaveHostAsNova(worker: NamespacedWorker): Promise<void> {
  const networks = join(worker.directory, 'networks');
  await mkdir(networks, { recursive: true });
  await worker.says('ip', 'link', 'add', 'br100', 'type', 'bridge');
  await worker.says('ip', 'addr', 'add', '10.0.0.1/24', 'dev', 'br100');
  await worker.says('ip', 'link', 'set', 'eth1', 'master', 'br100');
  await worker.says('ip', 'link', 'set', 'br100', 'up');
  const gone = ['-d', '203.0.113.99/32', '-j', 'DNAT', '--to-destination', '10.0.0.99'];
  await worker.says('iptables', '-t', 'nat', '-N', 'nova-network-PREROUTING');
  await worker.says('iptables', '-t', 'nat', '-A', 'nova-network-PREROUTING', ...gone);
  await writeFile(join(networks, 'nova-br100.conf'), 'fa:16:3e:00:00:31,web.novalocal,10.0.0.10\n');
  await worker.says(
    'dnsmasq',
    '--strict-order',
    '--bind-interfaces',
    '--conf-file=',
    `--pid-file=${networks}/nova-br100.pid`,
    '--listen-address=10.0.0.1',
    '--except-interface=lo',
    '--dhcp-range=set:private,10.0.0.2,static,255.255.255.0,86400s',
    `--dhcp-hostsfile=${networks}/nova-br100.conf`,
    '--dhcp-script=/bin/true',
    '--leasefile-ro',
    '--no-hosts',
  );
}

const indexOf = (link: string) => /^\d+/.exec(link)?.[0];

it('a nova database becomes a cloud that works, whose instances keep their addresses', async () => {
  const nova = await NovaTestDatabase.create(servers.databaseUrl);
  onTestFinished(() => nova.drop());
  await fillNova(nova);
  const worker = await NamespacedWorker.on(servers, { network_manager: 'FlatDHCPManager' });
  await leaveHostAsNova(worker);
  const bridge = indexOf(await worker.says('ip', '-o', 'link', 'show', 'br100'));
  const { outcome, problems } = await importNova({ from: nova.url, to: worker.databaseUrl });
  expect({ outcome, problems }).toEqual({ outcome: 'imported', problems: [] });

  await worker.start();

  // the bridge is the one that was there, with the address that instances know
  expect(indexOf(await worker.says('ip', '-o', 'link', 'show', 'br100'))).toBe(bridge);
  expect(await worker.says('ip', '-o', '-4', 'addr', 'show', 'dev', 'br100')).toContain('10.0.0.1/24');
  const known = join(worker.directory, 'networks', 'nova-br100.hosts.d');
  const files = await Promise.all((await readdir(known)).map((name) => readFile(join(known, name), 'utf8')));
  const hosts = files.join('');
  expect(hosts).toMatch(/fa:16:3e:00:00:31,.*web.*10\.0\.0\.10/);
  expect(hosts).toMatch(/fa:16:3e:00:00:32,.*db.*10\.0\.0\.11/);
  // nova's own server, which took DHCP from everywhere, is not among them
  const listening = await worker.says('ss', '-Hlnu', 'sport', '=', ':67');
  expect([...listening.matchAll(/\S+:67/g)].map(([socket]) => socket).toSorted()).toEqual([
    '0.0.0.0%br100:67',
    '0.0.0.0%br200:67',
    '0.0.0.0%br300:67',
  ]);
  const rules = await worker.says('iptables-save', '-t', 'nat');
  expect(rules).toMatch(/-d 203\.0\.113\.10\/32 .*--to-destination 10\.0\.0\.10/);
  expect(rules).not.toContain('203.0.113.99');
  expect(await worker.says('ip', '-o', '-4', 'addr', 'show', 'dev', 'eth0')).toContain('203.0.113.10/32');

  // a compute service that asks is answered as before
  const web = { instance_id: novaCloud.web, rxtx_factor: 1, host: 'h1', project_id: 'p1' };
  const floating = [expect.objectContaining({ address: '203.0.113.10' })];
  expect(await worker.call('get_instance_nw_info', web)).toMatchObject([
    {
      id: novaCloud.nic(31),
      address: 'fa:16:3e:00:00:31',
      network: {
        id: novaCloud.flat,
        bridge: 'br100',
        subnets: [{ ips: [{ address: '10.0.0.10', floating_ips: floating }] }, { cidr: 'fd00:0:0:1::/64' }],
      },
    },
  ]);
  const flat = { host: 'h1', requested_networks: [[novaCloud.flat, null]] };
  expect(addressOf(await allocate(worker, novaCloud.db, { ...flat, project_id: 'p1' }))).toBe('10.0.0.11');
  // what others hold is not given to anybody new
  expect(addressOf(await allocate(worker, randomUUID(), flat))).toBe('10.0.0.31');
});
