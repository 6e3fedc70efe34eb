import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { expectPing, inNamespace, runCommand, tryCommand, waitFor } from '@novanet/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { lab } from './testing/run-lab.js';
import { TestCloud, type TestInstance } from './testing/test-cloud.js';

const name = 'sysheal';
const program = join(import.meta.dirname, '../../apps/network-worker/dist/main.js');
let cloud: TestCloud;
let instance: TestInstance;
let connection: Connection;

beforeAll(async () => {
  cloud = await TestCloud.up(name);
  instance = await cloud.boot('steady', 'h1');
  connection = await Connection.open(instance.netns);
});
afterAll(() => lab('down', '--lab', name));

const netns = () => cloud.host('h1').netns;
const onHost = (...argv: readonly string[]) => runCommand(argv, { netns: netns() });

/** A TCP connection of an instance to the outside that stays open. */
class Connection {
  private constructor(private readonly client: ChildProcessWithoutNullStreams) {}

  static async open(from: string): Promise<Connection> {
    const { netns: outside, address } = cloud.status.outside;
    const server = `require('net').createServer((c) => c.pipe(c)).listen(7007, '${address}', () => console.log('up'))`;
    const client = `const c = require('net').connect(7007, '${address}'); process.stdin.pipe(c).pipe(process.stdout)`;
    const start = (where: string, script: string) => {
      const [command = '', ...args] = inNamespace(where, [process.execPath, '-e', script]);
      return spawn(command, args);
    };
    await once(start(outside, server).stdout, 'data');
    const opened = new Connection(start(from, client));
    await opened.echo('hello');
    return opened;
  }

  async echo(text: string): Promise<string> {
    const answer = once(this.client.stdout, 'data', { signal: AbortSignal.timeout(10_000) });
    this.client.stdin.write(text);
    return String((await answer)[0]);
  }
}

/** What the worker made, without counters. */
async function dataplane() {
  const rules = await onHost('iptables-save');
  const pidFile = join(cloud.status.state_dir, 'state/h1/networks/nova-br100.pid');
  return {
    rules: rules.split('\n').filter((line) => line.startsWith('-A')),
    addresses: (await onHost('ip', '-brief', 'addr')).split('\n').map((line) => line.replace(/ +/g, ' ')),
    ports: (await onHost('bridge', 'link')).split('\n').map((line) => line.replace(/ state .*/, '')),
    dnsmasq: (await tryCommand(['cat', pidFile])).stdout,
  };
}

async function metric(line: RegExp): Promise<number> {
  const page = await onHost('curl', '-s', 'http://127.0.0.1:9701/metrics');
  return Number(line.exec(page)?.[1] ?? 0);
}

/** What listens to the kernel of the host. */
async function monitors(): Promise<number[]> {
  const pids = (await runCommand(['ip', 'netns', 'pids', netns()])).split('\n').filter(Boolean).map(Number);
  const words = await Promise.all(pids.map((pid) => tryCommand(['cat', `/proc/${pid}/cmdline`])));
  return pids.filter((_, index) => words[index]?.stdout.includes('monitor'));
}

describe('a worker', () => {
  it('that is stopped leaves everything as it is, and the next one changes nothing', async () => {
    const before = await dataplane();
    await cloud.run('stop', 'h1', 'worker');
    expect(await dataplane()).toEqual(before);
    expect(await connection.echo('without a worker')).toBe('without a worker');
    await cloud.run('start', 'h1', 'worker');
    expect(await dataplane()).toEqual(before);
    expect(await connection.echo('with another one')).toBe('with another one');
    expect(await metric(/^novanet_converge_seconds_count\{changed="true"\} (\d+)/m)).toBe(0);
  });

  it('that is killed takes with it what it started to listen', async () => {
    expect(await monitors()).toHaveLength(2);
    await cloud.killProcess('h1', 'worker');
    await waitFor(async () => (await monitors()).length === 0, {
      limitMs: 5_000,
      what: 'nobody listens for the dead worker',
    });
    await cloud.run('start', 'h1', 'worker');
    expect(await connection.echo('again')).toBe('again');
  });

  it('makes good what somebody takes away, and counts it', async () => {
    const rules = async () => (await dataplane()).rules;
    const before = await rules();
    await onHost('iptables', '-t', 'nat', '-F');
    await waitFor(async () => JSON.stringify(await rules()) === JSON.stringify(before), {
      limitMs: 10_000,
      what: 'the rules are back',
    });
    await onHost('ip', 'link', 'del', 'br100');
    await waitFor(() => expectPing(instance.netns, cloud.status.outside.address).then(() => true), {
      limitMs: 10_000,
      what: 'the instance reaches the outside again',
    });
    expect(await connection.echo('healed')).toBe('healed');
    for (const stage of ['firewall', 'links']) {
      const counted = () => metric(new RegExp(`^novanet_host_drift_total\\{stage="${stage}"\\} (\\d+)`, 'm'));
      await waitFor(async () => (await counted()) === 1, { limitMs: 5_000, what: `${stage} is counted` });
    }
  });
});

describe('drain', () => {
  const drain = () =>
    tryCommand(
      [
        process.execPath,
        program,
        'drain',
        '--config-file',
        join(cloud.status.state_dir, 'novanet.conf'),
        '--config-file',
        join(cloud.status.state_dir, 'h1.conf'),
      ],
      { netns: netns() },
    );

  it('refuses to work against a worker that runs', async () => {
    const { exitCode, stderr, stdout } = await drain();
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('stop it first');
  });

  it('leaves nothing of ours, and the next worker makes it all again', async () => {
    const before = await dataplane();
    await cloud.run('stop', 'h1', 'worker');
    const { exitCode, stderr, stdout } = await drain();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('removed br100 (links)\n');
    expect(await onHost('iptables-save')).not.toContain('nova-');
    expect(await onHost('ip', 'addr')).not.toMatch(/br100|169\.254\.169\.254/);
    expect((await drain()).stdout).toBe('nothing of ours is on this host\n');
    await cloud.run('start', 'h1', 'worker');
    const after = await dataplane();
    // The instance lost its port with the bridge, and its filters with the port.
    const isOfInstance = (rule: string) => /inst-|sg-fallback|--sport 68/.test(rule);
    expect(after.rules).toEqual(before.rules.filter((rule) => !isOfInstance(rule)));
  });
});
