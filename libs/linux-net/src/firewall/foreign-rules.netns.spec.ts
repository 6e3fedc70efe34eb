import { Ipv6, Ipv6Cidr } from '@novanet/net-address';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestHost } from '../../test/test-host.js';

let host: TestHost;
beforeEach(async () => {
  host = await TestHost.create();
  await host.network.run('host', ['iptables-restore', '--counters'], { input: FOREIGN });
  await host.network.run('host', ['ip6tables-restore'], { input: FOREIGN_V6 });
});
afterEach(() => host.remove());

const FOREIGN = `*filter
:INPUT ACCEPT [0:0]
[3:252] -A INPUT -i lo -j ACCEPT
[5:420] -A INPUT -p tcp -m tcp --dport 22 -m comment --comment admin -j ACCEPT
[1:84] -A INPUT -m comment --comment last -j REJECT --reject-with icmp-host-prohibited
COMMIT
*nat
:POSTROUTING ACCEPT [0:0]
[4:240] -A POSTROUTING -s 172.17.0.0/16 -j MASQUERADE
[2:120] -A POSTROUTING -m comment --comment last -j LOG
COMMIT
`;
const FOREIGN_V6 = `*filter
:INPUT ACCEPT [0:0]
-A INPUT -p tcp -m tcp --dport 22 -m comment --comment admin -j ACCEPT
-A INPUT -m comment --comment last -j REJECT --reject-with icmp6-port-unreachable
COMMIT
`;
const SSH = '-A INPUT -p tcp -m tcp --dport 22 -m comment --comment admin -j ACCEPT';
const REJECT = '-A INPUT -m comment --comment last -j REJECT --reject-with';

async function chain(name: string, table = 'filter', program = 'iptables-save'): Promise<string[]> {
  return (await host.rules(table, program)).filter((line) => line.startsWith(`-A ${name} `));
}

const settings = { rulesBefore: /--comment admin/, rulesBehind: /--comment last/ };

test('rules of others stay where iptables_top_regex and iptables_bottom_regex say, uncounted and unmoved', async () => {
  expect((await host.converge([{ enableDhcp: false }], settings)).problems).toEqual([]);
  expect(await chain('INPUT')).toEqual([
    '-A INPUT -i lo -j ACCEPT',
    SSH,
    '-A INPUT -j nova-network-INPUT',
    `${REJECT} icmp-host-prohibited`,
  ]);
  expect(await chain('POSTROUTING', 'nat')).toEqual([
    '-A POSTROUTING -j nova-network-POSTROUTING',
    '-A POSTROUTING -s 172.17.0.0/16 -j MASQUERADE',
    '-A POSTROUTING -j nova-postrouting-bottom',
    '-A POSTROUTING -m comment --comment last -j LOG',
  ]);
  expect(await host.run('iptables-save', '-c', '-t', 'filter')).toContain(`[5:420] ${SSH}`);
  expect(await host.converge([{ enableDhcp: false }], settings)).toMatchObject({ changed: false });
});

test('also where they come later, and in both families', async () => {
  await host.converge([{ enableDhcp: false }], settings);
  await host.run('iptables', ...`-I INPUT 3 -m comment --comment admin -j ACCEPT`.split(' '));
  await host.run('iptables', ...'-I INPUT 1 -p udp -j ACCEPT'.split(' '));
  await host.run('iptables', ...'-A INPUT -m comment --comment admin -s 192.0.2.99 -j ACCEPT'.split(' '));
  await host.converge([{ enableDhcp: false }], settings);
  expect((await chain('INPUT')).slice(-2)).toEqual([
    '-A INPUT -s 192.0.2.99/32 -m comment --comment admin -j ACCEPT',
    '-A INPUT -j nova-network-INPUT',
  ]);
  const ipv6 = { ...settings, usesIpv6: true };
  const v6 = { cidr: Ipv6Cidr.parse('fd00::/64'), gateway: Ipv6.parse('fd00::1') };
  await host.converge([{ enableDhcp: false, v6 }], ipv6);
  expect(await chain('INPUT', 'filter', 'ip6tables-save')).toEqual([
    SSH,
    '-A INPUT -j nova-network-INPUT',
    `${REJECT} icmp6-port-unreachable`,
  ]);
});

test('without these options ours come before all of them', async () => {
  await host.converge([{ enableDhcp: false }]);
  expect((await chain('INPUT'))[0]).toBe('-A INPUT -j nova-network-INPUT');
  expect((await chain('POSTROUTING', 'nat')).at(-1)).toBe('-A POSTROUTING -j nova-postrouting-bottom');
});
