import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { floatingIp, v4Of } from '@novanet/host-plan/testing';
import { Mac } from '@novanet/net-address';
import { dhcpLease, expectNoPing, expectPing, expectTcp, httpGet } from '@novanet/testbed';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { filteredInstance, filtersOf } from '../test/filtered-instance.js';
import { TestHost } from '../test/test-host.js';
import { LinuxHost } from './index.js';

let host: TestHost;
beforeEach(async () => {
  host = await TestHost.create();
});
afterEach(() => host.remove());

describe('a fresh host', () => {
  test('looks like the plan after one converge of a handful of commands', async () => {
    const report = await host.converge();
    expect(report).toMatchObject({ changed: true, problems: [] });
    expect(await host.addresses('br100')).toEqual(['10.0.0.1/24']);
    expect(await host.run('sysctl', '-n', 'net.ipv4.ip_forward')).toBe('1\n');
    expect(await host.run('ip', '-o', 'addr', 'show', 'dev', 'lo', 'scope', 'link')).toContain(
      '169.254.169.254/32',
    );
    expect(host.takeWrites().map((line) => line.replace(/^(env).*/, '$1 … dnsmasq'))).toEqual([
      'ip -batch - -json -details',
      'iptables-restore --noflush -w 5',
      'env … dnsmasq',
    ]);
  });

  test('is only looked at by the second converge', async () => {
    await host.ip('addr add 10.9.9.5/24 dev eth1', 'route add default via 10.9.9.1');
    await host.converge();
    host.takeWrites();
    const report = await host.converge();
    expect(report).toMatchObject({ changed: false, problems: [], commands: 2 });
    expect(host.takeWrites()).toEqual([]);
  });

  test('with nothing planned gets no bridge, no DHCP server and no rules', async () => {
    expect(await host.converge([])).toMatchObject({ problems: [] });
    expect(await host.run('ip', '-o', 'link')).not.toContain('br100');
    expect(await host.run('iptables-save')).not.toContain('nova-');
    expect(await host.converge([])).toMatchObject({ changed: false, commands: 2 });
  });

  test('is converged one plan after the other when several come at once', async () => {
    const reports = await Promise.all([host.converge(), host.converge(), host.converge()]);
    expect(reports.map(({ changed }) => changed)).toEqual([true, false, false]);
  });
});

test('a host without iptables is an error, not a report', async () => {
  const poor = await TestHost.create({ PATH: '/nowhere' });
  await expect(poor.converge()).rejects.toThrow(/ip|sysctl|iptables/);
  await poor.remove();
});

describe('an instance', () => {
  const MAC = 'fa:16:3e:00:00:01';

  /** Plugged in, with its address by DHCP and a default route through the host. */
  async function boot(): Promise<string> {
    await host.plug('vm1', MAC);
    const netns = host.network.netns('vm1');
    await dhcpLease(netns, 'eth0');
    return netns;
  }

  /** Runs a script of Node's in a namespace; it ends with that. */
  function run(role: 'vm1' | 'outside', script: string): ChildProcessWithoutNullStreams {
    return spawn('ip', ['netns', 'exec', host.network.netns(role), process.execPath, '-e', script]);
  }

  /** Answers with the address it was asked from. */
  function listen(role: 'host' | 'outside', address: string, port: number): void {
    const script = `require('http').createServer((q, a) => a.end(q.socket.remoteAddress)).listen(${port}, '${address}')`;
    spawn('ip', ['netns', 'exec', host.network.netns(role), process.execPath, '-e', script], {
      stdio: 'ignore',
    });
  }

  test('reaches the world under the address of the host', async () => {
    await host.converge();
    const netns = await boot();
    listen('outside', '192.0.2.1', 8080);
    await expectTcp(netns, '192.0.2.1', 8080);
    expect((await httpGet(netns, 'http://192.0.2.1:8080/')).body).toBe('192.0.2.10');
  });

  test('reaches the metadata service under its own address, and nobody else does', async () => {
    await host.ip('route add default via 192.0.2.1');
    await host.converge();
    await host.run('iptables', '-P', 'INPUT', 'DROP');
    const netns = await boot();
    listen('host', '192.0.2.10', 8775);
    await expectTcp(netns, '169.254.169.254', 80);
    expect((await httpGet(netns, 'http://169.254.169.254/')).body).toBe('10.0.0.3');
    await host.network.ip('outside', 'route add 169.254.169.254/32 via 192.0.2.10');
    await expect(expectTcp(host.network.netns('outside'), '169.254.169.254', 80, 1000)).rejects.toThrow(
      'in vain',
    );
  });

  test('keeps its connections to the world while the worker is stopped and another one starts', async () => {
    const networks = [{}];
    const carried = { floatingIps: [floatingIp('203.0.113.5', '10.0.0.4')] };
    await host.converge(networks, {}, carried);
    const netns = await boot();
    const server = `require('net').createServer((c) => c.pipe(c)).listen(7007, '192.0.2.1')`;
    run('outside', server);
    await expectTcp(netns, '192.0.2.1', 7007);
    const client = run(
      'vm1',
      `const c = require('net').connect(7007, '192.0.2.1'); process.stdin.pipe(c).pipe(process.stdout)`,
    );
    const echo = async (text: string) => {
      client.stdin.write(text);
      const [answer] = await once(client.stdout, 'data');
      return String(answer);
    };
    expect(await echo('before')).toBe('before');
    const pid = await host.dnsmasqPid();
    host.linux = new LinuxHost(host.runner);
    host.takeWrites();
    expect(await host.converge(networks, {}, carried)).toMatchObject({ changed: false, changes: [] });
    expect(host.takeWrites()).toEqual([]);
    expect(await host.dnsmasqPid()).toBe(pid);
    expect(await echo('behind')).toBe('behind');
  });

  test('reaches others of its network over the flat interface', async () => {
    await host.converge();
    const netns = await boot();
    await host.network.ip('wire', 'addr add 10.0.0.50/24 dev eth1');
    await expect(expectPing(netns, '10.0.0.50')).resolves.toBeUndefined();
  });

  test('of an isolated network does not leave the host', async () => {
    await host.converge([{ v4: v4Of({ gateway: undefined }) }]);
    await host.plug('vm1', MAC);
    const netns = host.network.netns('vm1');
    expect((await dhcpLease(netns, 'eth0')).routers).toEqual([]);
    await host.network.ip('vm1', 'route add default via 10.0.0.1');
    await host.network.ip('outside', 'route add 10.0.0.0/24 via 192.0.2.10');
    await expectNoPing(netns, '192.0.2.1');
    await expectPing(netns, '10.0.0.1');
  });
});

test('instances whose bridge was deleted come back to it with their filters', async () => {
  const filters = filtersOf(filteredInstance(1, 'tap1'), filteredInstance(10, 'tap2'));
  await host.converge();
  await host.plug('vm1', Mac.ofNova(1).toString());
  await host.plug('vm2', Mac.ofNova(10).toString());
  const converge = () => host.converge([{}], {}, filters);
  expect((await converge()).problems).toEqual([]);
  /** To the chains of the instances, and to those of what comes from their ports. */
  const ways = async () => {
    const lines = [...(await host.rules('filter')), ...(await host.rules('nat', 'ebtables-save'))];
    return lines.filter((line) => / -j nova-network-(inst-|tap)/.test(line));
  };
  const before = await ways();
  expect(before).toHaveLength(4);
  await host.ip('link del br100');
  expect((await converge()).problems).toEqual([]);
  expect(await host.run('ip', '-o', 'link', 'show', 'master', 'br100')).toMatch(/tap1.*tap2/s);
  expect(await ways()).toEqual(before);
});
