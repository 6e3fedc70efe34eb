import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ipBatch, runCommand, tryCommand, waitFor } from '@novanet/testbed';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';

import { lab } from './testing/run-lab.js';
import { TestCloud, type TestInstance } from './testing/test-cloud.js';

const name = 'sysdoctor';
const programs = join(import.meta.dirname, '../../apps');
let cloud: TestCloud;
let one: TestInstance;
let floating: string;

beforeAll(async () => {
  cloud = await TestCloud.up(name, '--hosts', '2', '--multi-host');
  [one] = await Promise.all([cloud.boot('one', 'h1'), cloud.boot('two', 'h2')]);
  floating = (await cloud.run('associate', 'one')).trim();
});
afterAll(() => lab('down', '--lab', name));

interface Finding {
  readonly check: string;
  readonly host: string | null;
  readonly subject: string;
  readonly problem: string;
  readonly command: string | null;
  readonly safe: boolean;
}

interface Diagnosis {
  readonly exitCode: number;
  readonly findings: readonly Finding[];
}

const netns = (host = 'h1') => cloud.host(host).netns;
const onHost = (...argv: readonly string[]) => runCommand(argv, { netns: netns() });

/** `novanet doctor`, as an operator types it. */
async function doctor(...words: readonly string[]): Promise<Diagnosis> {
  const argv = [process.execPath, join(programs, 'cli/dist/main.js'), '--api-url', cloud.status.api_url];
  const { exitCode, stdout, stderr } = await tryCommand([...argv, 'doctor', '--json', ...words]);
  if (stdout === '') throw new Error(stderr);
  return { exitCode, findings: JSON.parse(stdout).findings };
}

/** The command of the worker's program, on the host itself. */
async function localDoctor(): Promise<Diagnosis> {
  const files = ['novanet.conf', 'h1.conf'].flatMap((file) => [
    '--config-file',
    join(cloud.status.state_dir, file),
  ]);
  const argv = [
    process.execPath,
    join(programs, 'network-worker/dist/main.js'),
    'doctor',
    '--json',
    ...files,
  ];
  const { exitCode, stdout, stderr } = await tryCommand(argv, { netns: netns() });
  if (stdout === '') throw new Error(stderr);
  return { exitCode, findings: JSON.parse(stdout).findings };
}

const WELL = { exitCode: 0, findings: [] };
const alone = (finding: Partial<Record<keyof Finding, unknown>>) => ({
  exitCode: 1,
  findings: [finding],
});

async function expectWell(...words: readonly string[]): Promise<void> {
  await expect.poll(() => doctor(...words), { timeout: 20_000 }).toEqual(WELL);
}

describe('a cloud in which all is well', () => {
  it('is closed to who comes from outside, and the doctor says so of an instance', async () => {
    const closed = {
      check: 'security groups',
      subject: 'one',
      problem: expect.stringContaining('ping and SSH'),
    };
    expect(await doctor('one')).toMatchObject(alone(closed));
    await cloud.run('allow', 'one', 'icmp');
    const half = { ...closed, problem: 'no security group lets in SSH from everywhere' };
    expect(await doctor('one')).toMatchObject(alone(half));
    await cloud.run('allow', 'one', 'tcp', '22');
    expect(await doctor('one')).toEqual(WELL);
  });

  it.each([
    { name: 'the cloud', words: () => [] },
    { name: 'a host', words: () => ['--host', 'h2'] },
    { name: 'an instance', words: () => ['two'] },
    { name: 'an instance by its uuid', words: () => [cloud.status.instances[0]?.uuid ?? 'one'] },
    { name: 'a floating IP', words: () => [floating] },
    { name: 'a fixed IP', words: () => [one.address] },
    { name: 'the cloud, which it may mend', words: () => ['--fix'] },
  ])('has nothing wrong with it: $name', async ({ words }) => {
    expect(await doctor(...words())).toEqual(WELL);
  });

  it('has nothing wrong with it while instances come and go', async () => {
    const seen: Diagnosis[] = [];
    const state = { isBusy: true };
    const comeAndGo = async () => {
      await cloud.boot('three', 'h1');
      await cloud.run('delete', 'three');
    };
    const watch = async () => {
      while (state.isBusy) seen.push(await doctor());
    };
    await Promise.all([comeAndGo().finally(() => (state.isBusy = false)), watch()]);
    expect(seen.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
  });
});

describe('something is wrong with the cloud', () => {
  it('names a floating IP that is not associated, and one that nobody has', async () => {
    const spare = floating.replace(/\d+$/, (last) => String(Number(last) + 1));
    expect(await doctor(spare)).toMatchObject(alone({ check: 'address', problem: 'no project holds it' }));
    expect(await doctor('10.0.0.200')).toMatchObject(
      alone({ check: 'address', problem: 'no instance has it' }),
    );
    await expect(doctor('203.0.113.77')).rejects.toThrow('No network and no pool of floating IPs');
    await expect(doctor('nobody')).rejects.toThrow('Instance nobody could not be found');
  });

  it('names an interface that is in the wrong bridge, which no worker takes out', async () => {
    await ipBatch(netns(), ['link add virbr0 type bridge', 'link set dev eth1 master virbr0']);
    const wrong = { check: 'interfaces', host: 'h1', subject: 'eth1', safe: false };
    await expect
      .poll(() => doctor(), { timeout: 10_000 })
      .toMatchObject(alone({ ...wrong, command: 'ip link set dev eth1 nomaster' }));
    expect(await doctor('one')).toMatchObject(alone(wrong));
    expect(await doctor('--host', 'h2')).toEqual(WELL);
    await ipBatch(netns(), ['link set dev eth1 nomaster', 'link del virbr0']);
    await expectWell();
  });

  it('names a metadata service that does not answer', async () => {
    await cloud.run('stop', 'h1', 'metadata');
    const silent = { check: 'metadata', host: 'h1', safe: false };
    expect(await doctor('one')).toMatchObject(alone(silent));
    await cloud.run('start', 'h1', 'metadata');
    await expectWell();
  });

  it('names a worker that is dead, and does not look at its host', async () => {
    await cloud.killProcess('h1', 'worker');
    await onHost('sysctl', '-w', 'net.ipv4.ip_forward=0');
    const dead = { check: 'worker', host: 'h1', problem: 'its network worker is dead', safe: false };
    expect(await doctor()).toMatchObject(alone(dead));
    expect(await doctor(floating)).toMatchObject(alone(dead));
    expect(await doctor('--fix')).toMatchObject(alone(dead));
    await cloud.run('start', 'h1', 'worker');
    await expectWell();
  });
});

describe('something is wrong with a host whose worker is stopped', () => {
  beforeAll(() => cloud.run('stop', 'h1', 'worker'));
  afterAll(() => cloud.run('start', 'h1', 'worker'));
  /** A worker mends it, and goes. */
  const comeAndMend = async () => {
    await cloud.run('start', 'h1', 'worker');
    await cloud.run('stop', 'h1', 'worker');
  };

  const pidFile = () => join(cloud.status.state_dir, 'state/h1/networks/nova-br100.pid');
  const killDnsmasq = async () => {
    const pid = Number(readFileSync(pidFile(), 'utf8'));
    process.kill(pid, 'SIGKILL');
    await waitFor(async () => (await tryCommand(['kill', '-0', String(pid)])).exitCode !== 0, {
      limitMs: 5_000,
      what: 'dnsmasq is dead',
    });
  };

  test.each([
    {
      name: 'forwarding is off',
      break: () => onHost('sysctl', '-w', 'net.ipv4.ip_forward=0'),
      finding: { check: 'settings', command: 'sysctl -w net.ipv4.ip_forward=1' },
    },
    {
      name: 'bridges pass the filters by',
      break: () => onHost('sysctl', '-w', 'net.bridge.bridge-nf-call-iptables=0'),
      finding: { check: 'settings', command: 'sysctl -w net.bridge.bridge-nf-call-iptables=1' },
    },
    {
      name: 'the rule of a floating IP is deleted',
      break: () => onHost('iptables', '-t', 'nat', '-D', 'nova-network-float-snat', '1'),
      finding: { check: 'rules', subject: 'iptables nat' },
    },
    {
      name: 'the filters are flushed',
      break: () => onHost('iptables', '-F'),
      finding: { check: 'rules', subject: 'iptables filter' },
    },
    {
      name: 'the floating IP is taken from its interface',
      break: () => onHost('ip', 'addr', 'del', `${floating}/32`, 'dev', 'eth0'),
      finding: { check: 'floating IPs' },
    },
    { name: 'dnsmasq is killed', break: killDnsmasq, finding: { check: 'dhcp', subject: 'br100' } },
    {
      name: 'the bridge is deleted',
      break: () => onHost('ip', 'link', 'del', 'br100'),
      finding: { check: 'devices', subject: 'br100' },
    },
  ])('$name: that is named, and nothing else', async ({ break: breakIt, finding }) => {
    await breakIt();
    expect(await localDoctor()).toMatchObject(alone({ host: 'h1', safe: true, ...finding }));
    await comeAndMend();
    expect(await localDoctor()).toEqual(WELL);
  });
});
