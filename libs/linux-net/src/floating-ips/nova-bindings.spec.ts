import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseIptablesSave } from '../firewall/ruleset.js';
import { parseLinks } from '../links/link.js';
import { findBindings } from './nova-bindings.js';

const golden = new URL('../../../host-plan/golden/nova-two-floating-ips.iptables-save', import.meta.url);
const VPN =
  '-A nova-network-PREROUTING -d 192.0.2.10/32 -p udp -m udp --dport 1000 -j DNAT --to-destination 10.0.0.2:1194';
const RULES = parseIptablesSave(readFileSync(golden, 'utf8').replace('COMMIT', `${VPN}\nCOMMIT`));
const LINKS = parseLinks(
  JSON.stringify([
    {
      ifname: 'eth0',
      addr_info: [
        { family: 'inet', local: '192.0.2.10', prefixlen: 32, scope: 'global' },
        { family: 'inet', local: '203.0.113.5', prefixlen: 32, scope: 'global' },
        { family: 'inet', local: '203.0.113.6', prefixlen: 24, scope: 'global' },
        { family: 'inet', local: '203.0.113.77', prefixlen: 32, scope: 'global' },
      ],
    },
  ]),
);

test('what nova-network left is what its rules for floating IPs lead to, and nothing else', () => {
  expect(
    findBindings(RULES, LINKS).map(
      ({ address, device, origin }) => `${address.toString()} ${device} ${origin}`,
    ),
  ).toEqual(['203.0.113.5 eth0 bound']);
});
