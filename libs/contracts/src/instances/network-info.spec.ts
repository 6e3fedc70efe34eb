import { readFileSync } from 'node:fs';
import { sharedServer, type Network, type Nic } from '@novanet/ipam';
import { networkWith } from '@novanet/ipam/testing';
import { Ipv4, Ipv4Cidr, Ipv6, Ipv6Cidr, Mac, parseDeviceName, parseHostName } from '@novanet/net-address';
import { describe, expect, it } from 'vitest';
import { networkDict, networkObject } from '../networks/network-dict.js';
import { networkInfo } from './network-info.js';

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../fixtures/${name}.json`, import.meta.url), 'utf8'));

const network: Network = networkWith([], {
  uuid: 'f5bf4bac-600d-419a-a44e-f261c4dfced1',
  label: 'cap',
  bridgeInterface: parseDeviceName('flat0'),
  dns1: Ipv4.parse('8.8.4.4'),
  subnets: [
    {
      id: 1,
      version: 4,
      cidr: Ipv4Cidr.parse('10.20.0.0/28'),
      gateway: Ipv4.parse('10.20.0.1'),
      dhcpServer: Ipv4.parse('10.20.0.1'),
      dhcpStart: Ipv4.parse('10.20.0.2'),
      pool: null,
    },
  ],
  createdAt: new Date('2026-11-20T23:22:29.536Z'),
});

function nicIn(inNetwork: Network): Nic {
  const createdAt = new Date(0);
  const instanceUuid = '4cb5e3a0-6c3f-5056-8b3a-957cc5e8fa1d';
  return {
    vif: {
      id: 1,
      uuid: '82968779-f493-4102-9be8-3bcf5237c2ab',
      mac: Mac.parse('fa:16:3e:63:34:31'),
      networkId: 1,
      instanceUuid,
      createdAt,
    },
    network: inNetwork,
    dhcpServer: sharedServer(inNetwork),
    fixedIps: [
      {
        id: 3,
        subnetId: 1,
        networkId: 1,
        address: Ipv4.parse('10.20.0.2'),
        role: 'instance',
        vifId: 1,
        instanceUuid,
        host: null,
        isAllocated: true,
        lease: null,
        floatingAddresses: [],
        createdAt,
        updatedAt: null,
      },
    ],
  };
}

const flatDhcp = {
  createsBridge: true,
  createsVlan: false,
  servesDhcp: true,
  ipv6Backend: 'rfc2462' as const,
};

describe('network_info', () => {
  it('is what nova-network answers, key for key and in its order', () => {
    expect(JSON.stringify(networkInfo([nicIn(network)], flatDhcp))).toBe(
      JSON.stringify(fixture('network-info')),
    );
  });

  it('tells the MTU and the instance-derived IPv6 address, and names no DHCP server for IPv6', () => {
    const cidr = Ipv6Cidr.parse('fd00:0:0:1::/64');
    const gateway = Ipv6.parse('fd00:0:0:1::1');
    const v6 = { id: 2, version: 6 as const, cidr, gateway, dhcpServer: null, dhcpStart: null, pool: null };
    const dual = { ...network, mtu: 1450, subnets: [...network.subnets, v6] };
    const [vif] = networkInfo([nicIn(dual)], flatDhcp);
    expect(vif?.network.meta).toMatchObject({ mtu: 1450 });
    expect(vif?.network.subnets[1]).toEqual({
      cidr: 'fd00:0:0:1::/64',
      dns: [],
      gateway: { address: 'fd00:0:0:1::1', type: 'gateway', version: 6, meta: {} },
      ips: [
        { address: 'fd00::1:f816:3eff:fe63:3431', type: 'fixed', version: 6, meta: {}, floating_ips: [] },
      ],
      routes: [],
      version: 6,
      meta: { dhcp_server: null },
    });
  });

  it('is empty for an instance without NICs', () => {
    expect(networkInfo([], flatDhcp)).toEqual([]);
  });
});

describe('a network on the wire', () => {
  it("is nova's row when it was just created", () => {
    const [row] = fixture('created-networks') as [Record<string, unknown>];
    expect(networkDict(network)).toEqual({ ...row, created_at: '2026-11-20T23:22:29.536000' });
    expect(Object.keys(networkDict(network))).toEqual(Object.keys(row));
  });

  it('is a versioned object with dates without fraction when it is asked for', () => {
    const updatedAt = new Date('2026-11-20T23:22:30.000Z');
    const answered = networkObject({ ...network, host: parseHostName('peerhost'), updatedAt });
    expect(answered).toEqual(fixture('network-object'));
  });
});
