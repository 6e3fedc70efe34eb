import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dhcpHost, floatingIp, v4Of } from '@novanet/host-plan/testing';
import { Ipv4, Ipv6, Ipv6Cidr, parseDeviceName } from '@novanet/net-address';
import { afterAll, expect, test } from 'vitest';
import { TestHost } from '../test/test-host.js';

const [eth1, br200] = [parseDeviceName('eth1'), parseDeviceName('br200')];
const SECOND = { id: 2, bridge: br200, bridgeInterface: undefined, v4: v4Of({}, '10.0.1.0/24') };
const V6 = { cidr: Ipv6Cidr.parse('fd00::/64'), gateway: Ipv6.parse('fd00::1') };
const HOSTS = ['10.0.0.3', '10.0.0.9'].map((address, i) =>
  dhcpHost(`fa:16:3e:00:00:0${i}`, address, `vm-${i}`),
);

type Plan = Parameters<TestHost['converge']>;

const PLANS: Readonly<Record<string, Plan>> = {
  nothing: [[]],
  'one network': [[{}]],
  'another network with floating IPs': [
    [SECOND],
    {},
    { floatingIps: [{ ...floatingIp('203.0.113.5', '10.0.1.3'), networkId: 2 }] },
  ],
  'two networks, one with IPv6 as well, floating IPs on two interfaces, names': [
    [{ dhcpHosts: HOSTS, mtu: 1400, v6: V6 }, SECOND],
    { sendArpForHa: true, sendArpForHaCount: 2, usesIpv6: true },
    {
      floatingIps: [
        floatingIp('203.0.113.5', '10.0.0.3'),
        floatingIp('203.0.113.6', '10.0.0.3', eth1),
        floatingIp('203.0.113.7', '10.0.0.9'),
      ],
      names: [{ name: 'www.example.org', address: Ipv4.parse('203.0.113.5') }],
    },
  ],
  'the same floating IPs elsewhere': [
    [{ dhcpHosts: HOSTS.slice(1) }],
    {},
    { floatingIps: [floatingIp('203.0.113.5', '10.0.0.9'), floatingIp('203.0.113.6', '10.0.0.9')] },
  ],
  'IPv6 alone and an isolated network': [
    [
      { v4: undefined, v6: V6 },
      { ...SECOND, v4: v4Of({ gateway: undefined }, '10.0.1.0/24') },
    ],
    { publicInterface: undefined },
  ],
};

const hosts: TestHost[] = [];
afterAll(async () => {
  for (const host of hosts) await host.remove();
});

async function freshHost(): Promise<TestHost> {
  const host = await TestHost.create();
  hosts.push(host);
  await host.ip('addr add 10.9.9.5/24 dev eth1');
  return host;
}

/** All that a converge makes, as text; without what dnsmasq has to be told of hosts that left. */
async function stateOf(host: TestHost): Promise<string> {
  const rules = await Promise.all(['mangle', 'nat', 'filter'].map((table) => host.rules(table)));
  const addresses = (await host.run('ip', '-o', 'addr', 'show', 'scope', 'global')).split('\n');
  const bridges = (await host.run('ip', '-o', 'link', 'show', 'type', 'bridge')).split('\n');
  const networks = join(host.directory, 'networks');
  const files = (await readdir(networks, { recursive: true }).catch(() => [])).filter(
    (name) => !/\.(pid|hash)$|\.identity$/.test(name),
  );
  const texts = await Promise.all(
    files.map(
      async (name) => `${name}: ${await readFile(join(networks, name), 'utf8').catch(() => 'directory')}`,
    ),
  );
  const served = texts.filter((text) => !text.includes(',ignore')).map((text) => text.replace(/ # .*/, ''));
  const named = (line: string) =>
    line
      .replace(/^\d+: /, '')
      .replaceAll(/\s+/g, ' ')
      .replace(/ (valid_lft|qdisc).*/, '');
  return [...rules.flat(), ...addresses.map(named).sort(), ...bridges.map(named).sort(), ...served.sort()]
    .join('\n')
    .replaceAll(host.directory, '');
}

/** Every plan after every other one: a walk that takes each step once. */
function everyStep(names: readonly string[]): string[] {
  const left = new Set(
    names.flatMap((from) => names.filter((to) => to !== from).map((to) => `${from}|${to}`)),
  );
  const walk = [names[0] ?? ''];
  while (left.size > 0) {
    const here = walk.at(-1) ?? '';
    const next = names.find((name) => left.has(`${here}|${name}`)) ?? [...left][0]?.split('|')[0] ?? '';
    left.delete(`${here}|${next}`);
    walk.push(next);
  }
  return walk;
}

test(
  'whatever was there before, a host looks as a fresh one after the same plan, and then nothing changes',
  { timeout: 180_000 },
  async () => {
    const fresh = new Map<string, string>();
    for (const [name, plan] of Object.entries(PLANS)) {
      const host = await freshHost();
      expect((await host.converge(...plan)).problems).toEqual([]);
      fresh.set(name, await stateOf(host));
    }
    const host = await freshHost();
    for (const name of everyStep(Object.keys(PLANS))) {
      const plan = PLANS[name] ?? [];
      expect((await host.converge(...plan)).problems).toEqual([]);
      expect({ name, state: await stateOf(host) }).toEqual({ name, state: fresh.get(name) });
      host.takeWrites();
      const again = await host.converge(...plan);
      expect({ name, changed: again.changed, writes: host.takeWrites() }).toEqual({
        name,
        changed: false,
        writes: [],
      });
    }
  },
);
