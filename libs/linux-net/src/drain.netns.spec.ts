import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { floatingIp, v4Of } from '@novanet/host-plan/testing';
import { Ipv6, Ipv6Cidr, parseDeviceName } from '@novanet/net-address';
import { processesIn } from '@novanet/testbed';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestHost } from '../test/test-host.js';

const [eth1, br300] = [parseDeviceName('eth1'), parseDeviceName('br300')];
const NETWORKS = [
  {
    isMultiHost: true,
    sharesAddress: true,
    v6: { cidr: Ipv6Cidr.parse('fd00::/64'), gateway: Ipv6.parse('fd00::1') },
  },
  { id: 2, bridge: parseDeviceName('br200'), bridgeInterface: undefined, v4: v4Of({}, '10.0.1.0/24') },
  { id: 3, bridge: br300, bridgeInterface: undefined, v4: v4Of({}, '10.0.2.0/24') },
];
const SETTINGS = { usesIpv6: true };
const CARRIED = {
  floatingIps: [floatingIp('203.0.113.5', '10.0.0.3'), floatingIp('203.0.113.6', '10.0.0.4', eth1)],
};

const FOREIGN = [
  '*filter',
  ':DOCKER-USER - [0:0]',
  ':nova-filter-top - [0:0]',
  ':nova-compute-local - [0:0]',
  '-A INPUT -i eth0 -p tcp -m tcp --dport 22 -j ACCEPT',
  '-A FORWARD -j nova-filter-top',
  '-A FORWARD -j DOCKER-USER',
  '-A OUTPUT -j nova-filter-top',
  '-A nova-filter-top -j nova-compute-local',
  'COMMIT',
  '*nat',
  '-A POSTROUTING -s 172.17.0.0/16 -j MASQUERADE',
  'COMMIT',
  '',
].join('\n');

let host: TestHost;
beforeEach(async () => {
  host = await TestHost.create();
});
afterEach(() => host.remove());

/** Everything about the host that somebody may have made. */
async function stateOf() {
  const lines = async (...argv: string[]) => (await host.run(...argv)).split('\n');
  const rules = await Promise.all(
    ['iptables-save', 'ip6tables-save', 'ebtables-save'].map((program) => lines(program)),
  );
  const devices = (await lines('ip', '-o', 'link')).map((line) =>
    /^\d+: (\S+):.*?(master \S+)?/.exec(line)?.slice(1),
  );
  return {
    devices,
    bridges: (await lines('bridge', 'link')).map((line) => line.replace(/ state .*/, '')),
    addresses: await Promise.all(
      ['lo', 'eth0', 'eth1', 'br300'].map((device) => host.addresses(device).catch(() => [])),
    ),
    loopback: (await lines('ip', '-o', 'addr', 'show', 'dev', 'lo')).map((line) =>
      line.replace(/valid.*/, ''),
    ),
    routes: await Promise.all(['eth0', 'eth1'].map((device) => host.routes(device))),
    rules: rules.flat().filter((line) => line.startsWith('-A') || / - |^:nova/.test(line)),
    processes: processesIn(host.network.netns('host')),
  };
}

describe('a host that is drained', () => {
  test('is as it was before we came, except that it forwards packets; what others made stays', async () => {
    await host.ip(
      'addr add 10.9.9.5/24 dev eth1',
      'route add default via 10.9.9.1',
      'link add br300 type bridge',
      'addr add 192.0.2.99/32 dev lo',
      'addr add 198.51.100.7/24 dev br300',
      'link set br300 up',
    );
    await host.network.run('host', ['iptables-restore'], { input: FOREIGN });
    const before = await stateOf();
    expect((await host.converge(NETWORKS, SETTINGS, CARRIED)).problems).toEqual([]);
    const tap = await host.plug('vm1', 'fa:16:3e:00:00:01');
    const report = await host.linux.drain(host.plan([], SETTINGS));
    expect(report).toMatchObject({ changed: true, problems: [] });
    expect(report.changes.map(({ stage }) => stage).toSorted()).toEqual([
      'dhcp',
      'firewall',
      'floating IPs',
      'links',
      'names',
      'router advertisements',
    ]);
    expect(await host.run('ip', 'link', 'show', 'dev', tap)).not.toContain('master');
    await host.ip(`link del ${tap}`);
    expect(await stateOf()).toEqual(before);
    expect(await readdir(join(host.directory, 'networks'))).toEqual([]);
    expect(await host.run('sysctl', '-n', 'net.ipv4.ip_forward')).toBe('1\n');
  });

  test('is only looked at when it is drained again, also by another worker', async () => {
    await host.converge(NETWORKS, SETTINGS, CARRIED);
    await host.linux.drain(host.plan([], SETTINGS));
    host.takeWrites();
    expect(await host.linux.drain(host.plan([], SETTINGS))).toMatchObject({ changed: false, changes: [] });
    expect(host.takeWrites()).toEqual([]);
  });

  test('by a worker that dies in between is drained by the next', async () => {
    const before = await stateOf();
    await host.converge(NETWORKS.slice(0, 2), SETTINGS, CARRIED);
    for (const command of ['ip -batch', 'iptables-restore', 'ip6tables-restore', 'perl']) {
      await host.dieAt(command, () => host.linux.drain(host.plan([], SETTINGS))).catch(() => undefined);
    }
    expect((await host.linux.drain(host.plan([], SETTINGS))).problems).toEqual([]);
    expect(await stateOf()).toEqual(before);
  });

  test('is served again by the next converge', async () => {
    await host.converge(NETWORKS, SETTINGS, CARRIED);
    const served = await stateOf();
    await host.linux.drain(host.plan([], SETTINGS));
    expect((await host.converge(NETWORKS, SETTINGS, CARRIED)).problems).toEqual([]);
    const { rules, addresses } = await stateOf();
    expect({ rules, addresses }).toEqual({ rules: served.rules, addresses: served.addresses });
  });
});
