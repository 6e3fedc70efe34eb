import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { identifyProcess, isAlive } from '../processes/process-identity.js';
import { inNamespace } from '../processes/run-command.js';
import { waitFor } from '../wait-for.js';
import { DhcpClient, dhcpLease } from './dhcp-client.js';
import { listNamespaces, processesIn, setSysctls } from './namespace.js';
import { expectNoPing, expectPing, expectTcp, httpGet } from './packets.js';
import { TestNetwork, withNamespaces } from './test-network.js';

const twoHosts = async (network: TestNetwork<'a' | 'b'>) => {
  await network.cable(
    { role: 'a', device: 'eth0', address: '10.9.0.1/24' },
    { role: 'b', device: 'eth0', address: '10.9.0.2/24', mac: 'fa:16:3e:00:00:02' },
  );
};

function startIn(netns: string, ...argv: readonly string[]): void {
  const [program = '', ...args] = inNamespace(netns, argv);
  spawn(program, args, { stdio: 'ignore' });
}

describe('a network of namespaces', () => {
  it('carries packets between two hosts, and not where there is no cable', async () => {
    await withNamespaces(['a', 'b', 'alone'], async (network) => {
      await network.cable(
        { role: 'a', device: 'eth0', address: '10.9.0.1/24' },
        { role: 'b', device: 'eth0', address: '10.9.0.2/24' },
      );
      await expectPing(network.netns('a'), '10.9.0.2');
      await expectNoPing(network.netns('alone'), '10.9.0.2');
      await expect(expectPing(network.netns('a'), '10.9.0.3', 500)).rejects.toThrow(
        /waited 0.5 s in vain for: 10.9.0.3 answers ping/,
      );
    });
  });

  it('is gone afterwards with every process in it, also when the test failed', async () => {
    let netns = '';
    const failed = withNamespaces(['a'], async (network) => {
      netns = network.netns('a');
      startIn(netns, 'sleep', '1000');
      await waitFor(async () => (await processesIn(netns)).length > 0, { limitMs: 2_000, what: 'it runs' });
      throw new Error('a test failed');
    });
    await expect(failed).rejects.toThrow('a test failed');
    expect(await listNamespaces()).not.toContain(netns);
    expect(await processesIn(netns)).toEqual([]);
  });

  it('asks web servers from inside', async () => {
    await withNamespaces(['a', 'b'], async (network) => {
      await twoHosts(network);
      const script = `require('http').createServer((q, a) => a.end(q.socket.remoteAddress)).listen(80, '10.9.0.1')`;
      startIn(network.netns('a'), process.execPath, '-e', script);
      await expectTcp(network.netns('b'), '10.9.0.1', 80);
      expect(await httpGet(network.netns('b'), 'http://10.9.0.1/')).toEqual({
        status: 200,
        body: '10.9.0.2',
      });
    });
  });

  it('sets kernel variables of one namespace alone', async () => {
    await withNamespaces(['a', 'b'], async (network) => {
      await setSysctls(network.netns('a'), { 'net.ipv4.ip_forward': 1 });
      const read = (role: 'a' | 'b') => network.run(role, ['cat', '/proc/sys/net/ipv4/ip_forward']);
      expect(await read('a')).toBe('1\n');
      expect(await read('b')).toBe('0\n');
    });
  });
});

describe('a DHCP client', () => {
  const serve = async (network: TestNetwork<'a' | 'b'>) => {
    await twoHosts(network);
    await network.ip('b', 'addr flush dev eth0');
    const argv = [
      'dnsmasq',
      '--no-daemon',
      '--conf-file=/dev/null',
      '--port=0',
      '--interface=eth0',
      '--bind-interfaces',
    ];
    const pool = [
      '--dhcp-range=10.9.0.2,static,255.255.255.0,120s',
      '--dhcp-host=fa:16:3e:00:00:02,vm,10.9.0.2',
    ];
    const options = [
      '--leasefile-ro',
      '--dhcp-option=3,10.9.0.1',
      '--dhcp-option=26,1400',
      '--dhcp-option=121,192.0.2.0/24,10.9.0.9',
    ];
    startIn(network.netns('a'), ...argv, ...pool, ...options);
  };

  it('gets a lease, configures the device and says what it got', async () => {
    await withNamespaces(['a', 'b'], async (network) => {
      await serve(network);
      const lease = await dhcpLease(network.netns('b'), 'eth0');
      expect(lease).toMatchObject({
        address: '10.9.0.2',
        prefixLength: 24,
        routers: ['10.9.0.1'],
        leaseSeconds: 120,
        server: '10.9.0.1',
      });
      const routes = await network.run('b', ['ip', 'route']);
      expect(routes).toContain('default via 10.9.0.1 dev eth0');
      expect(routes).toContain('192.0.2.0/24 via 10.9.0.9 dev eth0');
      expect(await network.run('b', ['cat', '/sys/class/net/eth0/mtu'])).toBe('1400\n');
      await expectPing(network.netns('b'), '10.9.0.1');
    });
  });

  it('stays until it is stopped', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'novanet-test-'));
    try {
      await withNamespaces(['a', 'b'], async (network) => {
        await serve(network);
        const client = new DhcpClient({
          netns: network.netns('b'),
          device: 'eth0',
          hostname: 'vm',
          directory,
        });
        expect((await client.start()).address).toBe('10.9.0.2');
        const [running] = await processesIn(network.netns('b'));
        expect(running && isAlive(running)).toBe(true);
        await client.stop();
        expect(running && identifyProcess(running.pid)).toBeUndefined();
      });
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
