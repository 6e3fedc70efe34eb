import { parseIp } from '@novanet/net-address';
import { expect, test } from 'vitest';
import { isFor, parsePolicyRules } from './policy-rule.js';

/** As `ip -json -details rule show` prints them. */
const SHOWN = JSON.stringify([
  { priority: 0, src: 'all', table: 'local', protocol: 'kernel' },
  { priority: 47, src: 'all', uid_start: 0, uid_end: 5, table: '88' },
  { priority: 48, src: 'all', fwmark: '0x5', table: '88' },
  { priority: 49, src: 'all', dst: '10.0.0.0', dstlen: 8, action: 'unreachable', protocol: 'unspec' },
  { priority: 50, src: '10.9.9.5', oif: 'lo', table: '77', protocol: 'unspec' },
  { priority: 51, src: 'all', iif: 'eth1', iif_detached: null, table: '77', protocol: 'unspec' },
  { priority: 52, not: null, src: '10.9.0.0', srclen: 16, table: '77', protocol: 'unspec' },
  { priority: 32766, src: 'all', table: 'main', protocol: 'kernel' },
]);

test('rules that cannot be told from addresses and devices are left out', () => {
  const rules = parsePolicyRules(SHOWN, 4).map(
    ({ priority, from, to, devices, table }) =>
      `${priority} ${from?.toString() ?? 'all'} ${to?.toString() ?? 'all'} [${devices.join()}] ${table ?? 'refused'}`,
  );
  expect(rules).toEqual([
    '0 all all [] local',
    '49 all 10.0.0.0/8 [] refused',
    '50 10.9.9.5/32 all [] 77',
    '51 all all [eth1] 77',
    '32766 all all [] main',
  ]);
});

test.each([
  { priority: 49, from: '192.0.2.10', to: '10.0.0.50', is: true },
  { priority: 49, from: '192.0.2.10', to: '198.51.100.7', is: false },
  { priority: 50, from: '10.9.9.5', to: '198.51.100.7', is: true },
  { priority: 50, from: '192.0.2.10', to: '198.51.100.7', is: false },
  { priority: 50, from: undefined, to: '198.51.100.7', is: false },
  { priority: 32_766, from: undefined, to: '198.51.100.7', is: true },
  { priority: 32_766, from: undefined, to: '2001:db8::7', is: false },
])('rule $priority is for packets from $from to $to: $is', ({ priority, from, to, is }) => {
  const rule = parsePolicyRules(SHOWN, 4).find((one) => one.priority === priority);
  expect(rule && isFor(rule, from === undefined ? from : parseIp(from), parseIp(to))).toBe(is);
});
