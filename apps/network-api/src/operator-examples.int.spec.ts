import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHostName } from '@novanet/net-address';
import { fillNova, NovaTestDatabase, type BackgroundProcess } from '@novanet/testbed';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { Operator } from './testing/operator.js';
import { TestApi } from './testing/test-api.js';

const WEB = 'c20f5eb7-3731-4401-bb46-73409f46ef14';

/** Examples of docs/cli.md, in its order. */
const examples = [
  ...readFileSync(join(import.meta.dirname, '../../../docs/cli.md'), 'utf8').matchAll(/^ {4}novanet (.+)$/gm),
].map(([, line = '']) => line);

let api: TestApi;
let operator: Operator;
let worker: BackgroundProcess;
let nova: NovaTestDatabase;
let directory: string;
beforeAll(async () => {
  const servers = { databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') };
  const vlans = { network_manager: 'VlanManager', vlan_interface: 'eth1', vpn_ip: '192.0.2.11' };
  api = await TestApi.create(servers, { host: 'compute2', ...vlans });
  worker = await api.addHost('compute1');
  nova = await NovaTestDatabase.create(servers.databaseUrl);
  await fillNova(nova);
  directory = mkdtempSync(join(tmpdir(), 'novanet-examples-'));
  const database = api.environment['NOVANET_DATABASE_CONNECTION'] ?? '';
  for (const name of ['nova.conf', 'novanet.conf']) {
    writeFileSync(join(directory, name), `[database]\nconnection = ${database}\n`);
  }
  operator = new Operator({ NOVANET_API_URL: api.url, NOVANET_DATABASE_CONNECTION: database });
}, 120_000);
afterAll(async () => {
  await nova?.drop();
  await api?.remove();
  if (directory) rmSync(directory, { recursive: true, force: true });
});

/** Instance web on compute1, with the floating IP. */
async function bootWeb(): Promise<void> {
  const { out } = await operator.run('network show private --json');
  const about = { project_id: 'p1', host: 'compute1' };
  await api.ask('PUT', `/v1/instances/${WEB}`, { ...about, hostname: 'web', display_name: 'web' });
  const requested_networks = [[JSON.parse(out).id, '10.0.0.20']];
  const args = { instance_id: WEB, ...about, rxtx_factor: 1, vpn: false, requested_networks };
  await api.tellWorker('allocate_for_instance', args);
  const floating_address = await api.tellWorker('allocate_floating_ip', { project_id: 'p1', pool: 'nova' });
  await api.tellWorker('associate_floating_ip', { floating_address, fixed_address: '10.0.0.20' });
}

const compute1 = { host: parseHostName('compute1'), binary: 'network-worker', topic: 'network' };

async function loseCompute1(): Promise<void> {
  await worker.stop();
  await api.ipam.services.beat(compute1);
  await api.ipam.services.forceDown(compute1, true);
}

async function findCompute1(): Promise<void> {
  worker = await api.addHost('compute1');
  await api.ipam.services.forceDown(compute1, false);
}

const PRIVATE = 'network create private 10.0.0.0/24';

/** What has to be there for an example: commands that are run before it, or something that happens. */
const before: Readonly<Record<string, readonly (string | (() => Promise<void>))[]>> = {
  'network create 10.0.0.0/8 3 16': [
    'network delete --fixed-range 10.0.0.0/24',
    'network delete --fixed-range 192.168.0.0/24',
  ],
  'network show private': [
    ...['10.0.0.0/28', '10.0.0.16/28', '10.0.0.32/28'].map((range) => `network delete ${range}`),
    PRIVATE,
  ],
  'network delete --fixed-range 10.0.0.0/24 --yes': [PRIVATE],
  'fixed list': [PRIVATE],
  'fixed reserve 10.0.0.9': ['fixed unreserve 10.0.0.9'],
  'fixed unreserve 10.0.0.9': ['fixed reserve 10.0.0.9'],
  'floating delete --ip-range 203.0.113.5 --force --yes': ['floating create 203.0.113.5'],
  'floating list --host compute1 --pool nova': [
    'floating delete 68.99.26.170/31',
    'floating create 203.0.113.5',
    bootWeb,
  ],
  'host remove compute1 --heir compute2': [loseCompute1],
  'host remove compute1 --yes --json': [loseCompute1],
  'host drain compute1 --heir compute2': [findCompute1],
  'vpn change --project 7c0ce0b51c8b4b6d --ip 203.0.113.9 --port 1000': [
    'network modify team-a --project 7c0ce0b51c8b4b6d',
  ],
};

/** The files and databases of this machine, and no shell. */
function here(line: string): string {
  return line
    .replace(/\/etc\/nova(net)?\//, `${directory}/`)
    .replace('mysql://nova:secret@controller/nova', nova.url)
    .replace(/ [|>] .*$/, '');
}

async function prepareFor(line: string): Promise<void> {
  for (const step of before[line] ?? []) {
    if (typeof step !== 'string') await step();
    else if ((await operator.run(step)).exitCode !== 0) throw new Error(`before ${line}: ${step} fails`);
  }
}

it.each(examples)('the example of docs/cli.md works: novanet %s', async (line) => {
  await prepareFor(line);
  const { exitCode, out, complaints } = await operator.run(here(line));
  // What the doctor finds is not for this test to say.
  const isDone = exitCode === 0 || (line.startsWith('doctor') && /^(ok|FAIL) /.test(out));
  expect({ isDone, complaints: isDone ? '' : complaints }).toEqual({ isDone: true, complaints: '' });
});
