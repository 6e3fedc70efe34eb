import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHostName } from '@novanet/net-address';
import { BackgroundProcess, freePorts, waitFor } from '@novanet/testbed';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createTestCloud, type TestCloud } from './testing/test-cloud.js';
import type { TestWorker } from './testing/test-worker.js';

// What an operator does: the built command against the built API, each a process of its own.
const apps = join(import.meta.dirname, '../..');
const cli = join(apps, 'cli/dist/main.js');
const api = join(apps, 'network-api/dist/main.js');

let directory: string;
let cloud: TestCloud;
let worker: TestWorker;
let server: BackgroundProcess;
let url: string;

beforeAll(async () => {
  for (const program of [cli, api]) {
    if (!existsSync(program)) throw new Error(`${program} is missing: npm run build makes it`);
  }
  directory = mkdtempSync(join(tmpdir(), 'novanet-operator-'));
  cloud = await createTestCloud({ databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') });
  worker = await cloud.startWorker();
  server = await startApi();
});

afterAll(async () => {
  await server?.stop();
  await worker?.stop();
  await cloud?.remove();
  if (directory) rmSync(directory, { recursive: true, force: true });
});

async function startApi(): Promise<BackgroundProcess> {
  const [port] = await freePorts(1);
  url = `http://127.0.0.1:${port}`;
  const configFile = join(directory, 'novanet.conf');
  const lines = [
    '[DEFAULT]',
    'osapi_compute_listen = 127.0.0.1',
    'auth_strategy = noauth2',
    `osapi_compute_listen_port = ${port}`,
    `transport_url = ${cloud.transportUrl}`,
    `control_exchange = ${cloud.exchange}`,
    `network_topic = ${cloud.topic}`,
    '[database]',
    `connection = ${cloud.databaseUrl}`,
  ];
  writeFileSync(configFile, `${lines.join('\n')}\n`);
  const argv = [process.execPath, api, '--config-file', configFile];
  const started = new BackgroundProcess({ name: 'network-api', directory, argv });
  await started.start();
  await started.waitUntil(async () => (await fetch(`${url}/health/ready`)).ok, 15_000);
  return started;
}

interface Outcome {
  readonly exitCode: number | null;
  readonly out: string;
  readonly complaints: string;
}

const novanet = (...args: string[]) => run(args, { ...process.env, NOVANET_API_URL: url });

function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [cli, ...args], { env }, (_, out, complaints) => {
      resolve({ exitCode: child.exitCode, out: out.trimEnd(), complaints: complaints.trimEnd() });
    });
  });
}

describe('an operator', () => {
  it('creates, lists, shows and deletes a network', async () => {
    const created = await novanet(
      ...'network create private --cidr 10.0.0.0/24 --bridge br100 --bridge-interface eth1 --json'.split(' '),
    );
    expect(created).toMatchObject({ exitCode: 0, complaints: '' });
    const network = JSON.parse(created.out);
    expect(network).toMatchObject({
      label: 'private',
      cidr: '10.0.0.0/24',
      gateway: '10.0.0.1',
      bridge: 'br100',
    });

    expect((await novanet('network', 'list')).out.split('\n')[1]).toMatch(
      new RegExp(
        `^private  10.0.0.0/24  -     10.0.0.2       -     -     -       -        ${network.id}  br100  `,
      ),
    );
    const shown = await novanet('network', 'show', 'private');
    expect(shown.out).toContain(`id                   ${network.id}\n`);
    expect(shown.out).toContain('bridge_interface     eth1\n');
    expect(await novanet('network', 'delete', network.id, '--yes')).toEqual({
      exitCode: 0,
      out: `Deleted network private (10.0.0.0/24, ${network.id}).`,
      complaints: '',
    });
    expect((await novanet('network', 'list')).out).toMatch(/^There are no networks yet/);
  });

  it('is told in one sentence why a network is not created', async () => {
    await novanet(...'network create one --cidr 10.1.0.0/16 --bridge br100'.split(' '));
    const refused = await novanet(...'network create two --cidr 10.1.2.0/24 --bridge br100'.split(' '));
    expect(refused).toEqual({
      exitCode: 1,
      out: '',
      complaints:
        'novanet: Requested cidr (10.1.2.0/24) conflicts with existing cidr (10.1.0.0/16); ' +
        'novanet network list shows what exists.',
    });
  });

  it('is told to name one of two networks with the same label', async () => {
    for (const cidr of ['10.3.0.0/24', '10.3.1.0/24']) {
      await novanet('network', 'create', 'twins', '--cidr', cidr, '--bridge', 'br100');
    }
    const refused = await novanet('network', 'delete', 'twins', '--yes');
    expect(refused.exitCode).toBe(1);
    expect(refused.complaints).toMatch(
      /^novanet: 2 networks are called "twins"; name the one you mean by its UUID:/,
    );
  });

  it('sees which workers are alive', async () => {
    expect((await novanet('service', 'list')).out).toMatch(/^No service has reported yet/);
    await cloud.ipam.services.beat({
      host: parseHostName('compute1'),
      binary: 'nova-network',
      topic: 'network',
    });
    expect((await novanet('service', 'list')).out).toMatch(
      /\nnova-network {2}compute1 {2}internal {2}enabled {2}:-\) {4}\d{4}-/,
    );
  });

  it('need not wait for the command to start', async () => {
    // On an idle machine a tenth of a second; tried again and again, because others work here too.
    const isQuick = async () => {
      const startedAt = performance.now();
      await novanet('network', 'list');
      return performance.now() - startedAt < 500;
    };
    const what = 'the command answers within half a second';
    expect(await waitFor(isQuick, { limitMs: 20_000, what })).toBe(true);
  });

  it('needs no API and no token on the controller, and leaves nothing behind', async () => {
    const temporary = mkdtempSync(join(directory, 'tmp-'));
    const env = { ...process.env, NOVANET_API_URL: '', TMPDIR: temporary };
    const file = join(directory, 'novanet.conf');
    const created = await run(
      [`--flagfile=${file}`, ...'network create own 10.9.0.0/24 --bridge br9 --json'.split(' ')],
      env,
    );
    expect(created).toMatchObject({ exitCode: 0, complaints: '' });
    const { id } = JSON.parse(created.out);
    const deleted = await run(['--config-file', file, 'network', 'delete', id, '--yes'], env);
    expect(deleted).toMatchObject({ exitCode: 0, complaints: '' });
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('is told in one sentence what is wrong with the configuration', async () => {
    const file = join(directory, 'wrong.conf');
    writeFileSync(file, '[DEFAULT]\nmy_ip = bogus\n');
    const refused = await run(['--config-file', file, 'network', 'list'], process.env);
    expect(refused).toMatchObject({ exitCode: 1, out: '' });
    expect(refused.complaints).toMatch(/^novanet: my_ip in .*wrong.conf line 2: .*$/);
  });

  it('stops the API with SIGTERM at any time', async () => {
    const running = server.identity();
    await server.stop();
    await waitFor(() => server.identity() === undefined, { limitMs: 5_000, what: 'the API ends' });
    expect(running).toBeDefined();
    expect(server.lastLogLines(1)).toContain('"msg":"service stopped"');
    const alone = await novanet('network', 'list');
    expect(alone.exitCode).toBe(3);
    expect(alone.complaints).toBe(
      `novanet: The network API at ${url} does not answer (connection refused): ` +
        'start it, or name another with --api-url or NOVANET_API_URL.',
    );
  });
});
