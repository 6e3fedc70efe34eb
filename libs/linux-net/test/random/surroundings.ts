import { join } from 'node:path';
import { tryCommand, type ProcessIdentity, processesIn } from '@novanet/testbed';
import * as fc from 'fast-check';
import type { TestHost } from '../test-host.js';

/** What a host has of its own and of other programs' before we come. */
export interface Surroundings {
  /** br300 with an address. */
  readonly hasBridge: boolean;
  /** Lines for `ip -batch`; one that needs another that is not there is refused and left out. */
  readonly lines: readonly string[];
  readonly rules: readonly (keyof typeof RULES)[];
  readonly hasDnsmasq: boolean;
}

const LINES = [
  'addr add 10.9.9.5/24 brd + dev eth1',
  'addr add 10.9.9.6/24 dev eth1',
  'addr add 10.9.8.5/24 dev eth1 metric 50',
  'addr add 10.9.6.5/24 dev eth1 noprefixroute',
  'addr add 10.9.7.1 peer 10.9.7.2/32 dev eth1',
  'addr add fd99::5/64 dev eth1 nodad',
  'addr add 198.51.100.7/24 dev eth2',
  'route add default via 192.0.2.1 dev eth0',
  'route add 198.18.1.0/24 via 10.9.9.1 dev eth1',
  'route add 198.18.2.0/24 dev eth1 table 100',
  'route add default via 10.9.9.1 dev eth1 table 101 metric 7',
  'route add 198.18.3.0/24 via 198.51.100.1 dev eth2 src 198.51.100.7 mtu 1300',
  'route add 2001:db8::/32 via fd99::1 dev eth1',
  'route add 198.18.4.0/24 nexthop via 10.9.9.1 dev eth1 weight 2 nexthop via 192.0.2.1 dev eth0 weight 1',
  'rule add from 10.9.9.0/24 table 101',
];

/** Rules of other programs, with counters: who writes them anew loses those. No packet of a test matches. */
const RULES = {
  ssh: ['iptables', '*filter', '[3:180] -A INPUT -s 198.18.9.0/24 -p tcp -m tcp --dport 22 -j ACCEPT'],
  docker: [
    'iptables',
    '*filter',
    ':DOCKER-USER - [0:0]',
    '[0:0] -A FORWARD -j DOCKER-USER',
    '[7:420] -A DOCKER-USER -s 198.18.9.1/32 -m comment --comment "not of nova-network-local" -j DROP',
    'COMMIT',
    '*nat',
    '[5:300] -A POSTROUTING -s 198.18.9.0/24 -j MASQUERADE',
  ],
  compute: [
    'iptables',
    '*filter',
    ':nova-filter-top - [0:0]',
    ':nova-compute-local - [0:0]',
    ':nova-compute-inst-1 - [0:0]',
    '-I FORWARD 1 -j nova-filter-top',
    '-I OUTPUT 1 -j nova-filter-top',
    '-A nova-filter-top -j nova-compute-local',
    '[9:540] -A nova-compute-local -d 198.18.9.3/32 -j nova-compute-inst-1',
  ],
  metadata: [
    'iptables',
    '*filter',
    ':nova-api-metadat-INPUT - [0:0]',
    '-A INPUT -j nova-api-metadat-INPUT',
    '[2:120] -A nova-api-metadat-INPUT -s 198.18.9.9/32 -p tcp -m tcp --dport 8775 -j ACCEPT',
    'COMMIT',
    '*mangle',
    '[4:240] -A PREROUTING -s 198.18.9.4/32 -j MARK --set-xmark 0x1/0xffffffff',
  ],
  ipv6: ['ip6tables', '*filter', '[6:360] -A FORWARD -s 2001:db8:9::/48 -j DROP'],
  frames: ['ebtables', '*filter', '-A FORWARD -p ARP -i eth2 --arp-ip-src 198.18.9.5 -j DROP'],
} as const;

export const anySurroundings: fc.Arbitrary<Surroundings> = fc.record({
  hasBridge: fc.boolean(),
  lines: fc.subarray(LINES),
  rules: fc
    .constantFrom(...ruleNames())
    .chain((one) =>
      fc
        .subarray(ruleNames())
        .map((some) => ruleNames().filter((name) => name === one || some.includes(name))),
    ),
  hasDnsmasq: fc.boolean(),
});

function ruleNames(): (keyof typeof RULES)[] {
  return ['ssh', 'docker', 'compute', 'metadata', 'ipv6', 'frames'];
}

/** Gives a new host its surroundings; the processes that are somebody else's. */
export async function surround(host: TestHost, own: Surroundings): Promise<readonly ProcessIdentity[]> {
  const bridge = [
    'link add br300 address 52:54:00:00:03:00 type bridge',
    'addr add 10.9.3.1/24 dev br300',
    'link set br300 up',
  ];
  const lines = [...(own.hasBridge ? bridge : []), ...own.lines];
  const netns = host.network.netns('host');
  await tryCommand(['ip', '-netns', netns, '-force', '-batch', '-'], { input: `${lines.join('\n')}\n` });
  for (const name of own.rules) await restore(host, RULES[name]);
  if (own.hasDnsmasq) await startDnsmasq(host);
  return processesIn(netns);
}

async function restore(host: TestHost, [program, ...lines]: readonly [string, ...string[]]): Promise<void> {
  const options = program === 'ebtables' ? ['--noflush'] : ['--noflush', '--counters'];
  const input = `${[...lines, 'COMMIT'].join('\n')}\n`;
  await host.network.run('host', [`${program}-restore`, ...options], { input });
}

/** As libvirt starts one, for names on an address of its own. */
async function startDnsmasq(host: TestHost): Promise<void> {
  await host.ip('addr add 127.0.0.53/32 dev lo');
  await host.run(
    'dnsmasq',
    '--conf-file=/dev/null',
    '--bind-interfaces',
    '--listen-address=127.0.0.53',
    '--no-hosts',
    '--no-resolv',
    `--pid-file=${join(host.directory, 'libvirt.pid')}`,
  );
}
