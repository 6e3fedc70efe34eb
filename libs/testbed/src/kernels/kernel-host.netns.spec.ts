import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { processesIn } from '../namespaces/namespace.js';
import { expectPing } from '../namespaces/packets.js';
import { TestNetwork } from '../namespaces/test-network.js';
import { waitFor } from '../wait-for.js';
import { KernelHost } from './kernel-host.js';

let network: TestNetwork<'switch'>;
let directory: string;
let host: KernelHost;

function kernel(name: string, memoryMb = 128): KernelHost {
  const nic = { device: 'eth1', bridge: 'data', mac: '52:54:00:00:00:11', address: '10.9.0.2/24' };
  const netns = network.netns('switch');
  return new KernelHost({ name, folder: join(directory, name), netns, nics: [nic], memoryMb });
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'novanet-test-'));
  network = await TestNetwork.create(['switch']);
  await network.ip(
    'switch',
    'link add data type bridge',
    'link set data up',
    'addr add 10.9.0.1/24 dev data',
  );
  host = kernel('h1');
  await host.start();
}, 120_000);
afterAll(async () => {
  await network.remove();
  rmSync(directory, { recursive: true, force: true });
});

describe('a host with a kernel of its own', { timeout: 120_000 }, () => {
  it('runs commands, and tells how they ended', async () => {
    const input = 'through\n';
    const env = { ONE: 'a=b\nc' };
    expect(await host.run(['sh', '-c', 'cat; echo "$ONE"'], { input, env })).toBe('through\na=b\nc\n');
    expect(await host.try(['sh', '-c', 'echo no >&2; exit 3'])).toEqual({
      exitCode: 3,
      stdout: '',
      stderr: 'no\n',
    });
    await expect(host.run(['false'])).rejects.toThrow('"false" in h1 ended with 1');
    await expect(host.run(['udhcpd'])).rejects.toThrow('the program "udhcpd" is not installed');
    await expect(host.run(['sleep', '1000'], { timeoutMs: 500 })).rejects.toThrow('"sleep 1000" ends');
  });

  it('has its own name, VLANs, namespaces, and the legacy firewall', async () => {
    await host.ip('link add link eth1 name vlan5 type vlan id 5', 'netns add guest');
    expect(await host.run(['ip', '-d', 'link', 'show', 'vlan5'])).toContain('vlan protocol 802.1Q id 5');
    expect(await host.run(['ip', '-o', 'link'], { netns: 'guest' })).not.toContain('eth1');
    expect(await host.run(['hostname'])).toBe('h1\n');
    expect(await host.run(['iptables-save', '--version'])).toContain('legacy');
    expect(await host.run(['ebtables', '--version'])).toContain('legacy');
  });

  it('is on the wire that it is plugged into', async () => {
    await expectPing(network.netns('switch'), '10.9.0.2');
    expect(await host.run(['ping', '-c', '1', '-W', '5', '10.9.0.1'])).toContain(' 1 received');
  });

  it('writes to its own folder and nowhere else', async () => {
    const own = join(directory, 'h1/own');
    const foreign = join(directory, 'foreign');
    await host.run(['touch', own]);
    expect(existsSync(own)).toBe(true);
    expect((await host.try(['touch', foreign])).stderr).toContain('Read-only file system');
  });

  it('runs programs on, until they are told to end with all their children', async () => {
    const program = host.program(['sh', '-c', 'echo here; sleep 1000 & wait']);
    const sleepers = async () => (await host.try(['pgrep', '-x', 'sleep'])).stdout.trim();
    await waitFor(sleepers, { limitMs: 10_000, what: 'it runs' });
    expect(program.exitCode()).toBeUndefined();
    expect(program.output()).toBe('here\n');
    expect(await program.end('SIGTERM')).toBe(128 + 15);
    expect(await sleepers()).toBe('');
  });

  it('dies with all that runs in it, tells so, and boots again', async () => {
    const last = host.run(['sleep', '1000']).catch(String);
    await host.kill();
    expect(await last).toContain('the kernel ended');
    expect(await processesIn(network.netns('switch'))).toEqual([]);
    await host.start();
    expect(await host.run(['ip', '-o', 'link'])).not.toContain('vlan5');
    await host.remove();
    expect(existsSync(join(directory, 'h1'))).toBe(false);
    expect(await network.run('switch', ['ip', '-o', 'link'])).not.toContain('h1-vec0');
  });

  it('that cannot boot says why', async () => {
    const tiny = kernel('h2', 1);
    await expect(tiny.start()).rejects.toThrow(/kernel ended before it answered; .*Too few physical memory/s);
    await tiny.remove();
  });
});
