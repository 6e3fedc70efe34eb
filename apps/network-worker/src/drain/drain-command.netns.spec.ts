import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planHost } from '@novanet/host-plan';
import { intentOf, networkOf } from '@novanet/host-plan/testing';
import { LinuxHost, SpawnCommandRunner } from '@novanet/linux-net';
import { freePorts, TestNetwork } from '@novanet/testbed';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { runDrain } from './drain-command.js';

let network: TestNetwork<'host'>;
let directory: string;
let healthPort: number;
beforeEach(async () => {
  network = await TestNetwork.create(['host']);
  directory = await mkdtemp(join(tmpdir(), 'novanet-drain-'));
  [healthPort = 0] = await freePorts(1);
});
afterEach(async () => {
  await network.remove();
  await rm(directory, { recursive: true, force: true });
});

const runner = () => new SpawnCommandRunner({ netns: network.netns('host') });

async function drain(argv: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const said: string[] = [];
  const complaints: string[] = [];
  const settings = {
    NOVANET_HOST: 'h1',
    NOVANET_MY_IP: '192.0.2.10',
    NOVANET_STATE_PATH: directory,
    NOVANET_NETWORKS_PATH: join(directory, 'networks'),
    NOVANET_WORKER_HEALTH_PORT: String(healthPort),
    ...env,
  };
  const terminal = {
    say: (text: string) => void said.push(text),
    complain: (text: string) => void complaints.push(text),
  };
  const exitCode = await runDrain({ argv, env: settings, warn: () => undefined }, terminal, runner());
  return { exitCode, said, complaints };
}

async function serveNetwork(): Promise<void> {
  const networks = [networkOf({ bridgeInterface: undefined })];
  const plan = planHost(
    intentOf(networks, {
      networksPath: join(directory, 'networks'),
      spoolPath: directory,
      dhcpBridge: '/bin/true',
    }),
  );
  expect((await new LinuxHost(runner()).converge(plan)).problems).toEqual([]);
}

it('names each thing it removed, and finds nothing the second time', async () => {
  await serveNetwork();
  const { exitCode, said, complaints } = await drain();
  expect({ exitCode, complaints }).toEqual({ exitCode: 0, complaints: [] });
  expect(said).toEqual(
    expect.arrayContaining([
      'removed br100 (links)',
      'removed 169.254.169.254/32 on lo (links)',
      'removed iptables nat nova-network-snat (firewall)',
      'removed nova-br100 (dhcp)',
    ]),
  );
  expect(await readdir(join(directory, 'networks'))).toEqual([]);
  expect(await drain()).toEqual({ exitCode: 0, said: ['nothing of ours is on this host'], complaints: [] });
});

it('does nothing beside a worker that runs', async () => {
  await serveNetwork();
  const worker = createServer((_, answer) => answer.end('{}'));
  await new Promise<void>((resolve) => worker.listen(healthPort, '127.0.0.1', resolve));
  onTestFinished(() => void worker.close());
  const { exitCode, said, complaints } = await drain();
  expect({ exitCode, said }).toEqual({ exitCode: 1, said: [] });
  expect(complaints).toEqual([expect.stringContaining('stop it first')]);
  expect(await network.run('host', ['ip', '-o', 'link'])).toContain('br100');
});

it.each([
  { name: 'an unknown word', argv: ['everything'], env: {} },
  { name: 'a file that is not there', argv: ['--config-file', '/nowhere/nova.conf'], env: {} },
  { name: 'a wrong option', argv: [], env: { NOVANET_MY_IP: 'here' } },
])('refuses $name', async ({ argv, env }) => {
  const { exitCode, said, complaints } = await drain(argv, env);
  expect({ exitCode, said }).toEqual({ exitCode: 2, said: [] });
  expect(complaints).toEqual([expect.stringMatching(/^drain: /)]);
});

it('tells what it does when asked', async () => {
  const { exitCode, said } = await drain(['--help']);
  expect(exitCode).toBe(0);
  expect(said.join('\n')).toMatch(/^Usage: drain .*Exit codes: /s);
});

it('says what is missing on a host without tools', async () => {
  const complaints: string[] = [];
  const terminal = { say: () => undefined, complain: (text: string) => void complaints.push(text) };
  const env = {
    NOVANET_HOST: 'h1',
    NOVANET_MY_IP: '192.0.2.10',
    NOVANET_WORKER_HEALTH_PORT: String(healthPort),
  };
  const poor = new SpawnCommandRunner({ env: { PATH: '/nowhere' } });
  expect(await runDrain({ argv: [], env }, terminal, poor)).toBe(1);
  expect(complaints).toEqual([expect.stringMatching(/ip .*ENOENT/)]);
});
