import { Ipv4, Ipv4Cidr } from '@novanet/net-address';
import { expect, test } from 'vitest';
import { namedAddresses } from './named-addresses.js';
import type { SubnetDraft } from './network.js';

const ip = (text: string) => Ipv4.parse(text);

function draft(over: Partial<SubnetDraft<4>>): SubnetDraft<4> {
  const cidr = Ipv4Cidr.parse('10.0.0.0/24');
  return {
    version: 4,
    cidr,
    gateway: null,
    dhcpServer: null,
    dhcpStart: null,
    pool: null,
    reserved: [],
    ...over,
  };
}

test.each([
  { name: 'nothing is named', draft: draft({}), vpn: null, named: [] },
  {
    name: 'the gateway is the DHCP server: one row, the gateway',
    draft: draft({ gateway: ip('10.0.0.1'), dhcpServer: ip('10.0.0.1') }),
    vpn: null,
    named: ['10.0.0.1 gateway'],
  },
  {
    name: 'every purpose, lowest first',
    draft: draft({
      gateway: ip('10.0.0.254'),
      dhcpServer: ip('10.0.0.5'),
      reserved: [ip('10.0.0.9'), ip('10.0.0.3'), ip('10.0.0.5')],
    }),
    vpn: ip('10.0.0.2'),
    named: ['10.0.0.2 vpn', '10.0.0.3 reserved', '10.0.0.5 dhcp', '10.0.0.9 reserved', '10.0.0.254 gateway'],
  },
  {
    name: 'what is outside of the subnet has no row in it',
    draft: draft({ gateway: ip('10.0.1.1'), reserved: [ip('10.9.9.9')] }),
    vpn: ip('192.0.2.1'),
    named: [],
  },
])('$name', ({ draft: subnet, vpn, named }) => {
  expect(namedAddresses(subnet, vpn).map(({ address, role }) => `${address.toString()} ${role}`)).toEqual(
    named,
  );
});
