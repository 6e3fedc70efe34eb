import { readFileSync } from 'node:fs';
import { Ipv6Cidr, Mac } from '@novanet/net-address';
import { expect, it } from 'vitest';
import { derivedIpv6, type Ipv6Backend } from './derived-ipv6.js';

interface Vector {
  readonly backend: Ipv6Backend;
  readonly prefix: string;
  readonly mac: string;
  readonly project: string;
  readonly address: string;
}

const vectors = JSON.parse(
  readFileSync(new URL('../../fixtures/derived-ipv6.json', import.meta.url), 'utf8'),
) as readonly Vector[];

it.each(vectors)('$backend makes $address of $mac', ({ backend, prefix, mac, project, address }) => {
  expect(derivedIpv6(Mac.parse(mac), Ipv6Cidr.parse(prefix), project, backend)?.toString()).toBe(address);
});

it('tells the usual address in a network that belongs to no project', () => {
  const address = derivedIpv6(Mac.ofNova(1), Ipv6Cidr.parse('fd00::/64'), null, 'account_identifier');
  expect(address?.toString()).toBe('fd00::f816:3eff:fe00:1');
});

it('tells none where the prefix leaves no room', () => {
  expect(derivedIpv6(Mac.ofNova(1), Ipv6Cidr.parse('fd00::/96'), null, 'rfc2462')).toBeUndefined();
});
