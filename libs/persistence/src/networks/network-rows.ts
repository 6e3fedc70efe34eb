import type { Network, NetworkDraft, Subnet, SubnetDraft } from '@novanet/ipam';
import {
  Ipv4,
  Ipv4Cidr,
  Ipv6,
  Ipv6Cidr,
  parseDeviceName,
  parseHostName,
  parseIp,
  type CidrFamily,
  type IpAddress,
  type IpVersion,
} from '@novanet/net-address';
import type { NetworkEntity, SubnetEntity } from '../schema/network.entity.js';

export function toNetwork(row: NetworkEntity): Network {
  return {
    id: row.id,
    uuid: row.uuid,
    label: row.label,
    projectId: row.projectId,
    host: mapped(row.host, parseHostName),
    isMultiHost: row.isMultiHost,
    isInjected: row.isInjected,
    bridge: mapped(row.bridge, parseDeviceName),
    bridgeInterface: mapped(row.bridgeInterface, parseDeviceName),
    vlan: row.vlan,
    vpnPublicAddress: mapped(row.vpnPublicAddress, (address) => Ipv4.parse(address)),
    vpnPublicPort: row.vpnPublicPort,
    vpnPrivateAddress: mapped(row.vpnPrivateAddress, (address) => Ipv4.parse(address)),
    dns1: mapped(row.dns1, parseIp),
    dns2: mapped(row.dns2, parseIp),
    mtu: row.mtu,
    priority: row.priority,
    enableDhcp: row.enableDhcp,
    shareAddress: row.shareAddress,
    subnets: row.subnets.map(toSubnet),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

function toSubnet(row: SubnetEntity): Subnet {
  return row.version === 4 ? subnetIn(4, Ipv4, Ipv4Cidr, row) : subnetIn(6, Ipv6, Ipv6Cidr, row);
}

function subnetIn<V extends IpVersion>(
  version: V,
  addresses: { parse(text: string): IpAddress<V> },
  cidrs: CidrFamily<V>,
  row: SubnetEntity,
): Subnet<V> {
  const parse = (address: string) => addresses.parse(address);
  const first = mapped(row.poolFirst, parse);
  const last = mapped(row.poolLast, parse);
  return {
    id: row.id,
    version,
    cidr: cidrs.parse(row.cidr),
    gateway: mapped(row.gateway, parse),
    dhcpServer: mapped(row.dhcpServer, parse),
    dhcpStart: mapped(row.dhcpStart, parse),
    pool: first && last ? { first, last } : null,
  };
}

export function networkRow(draft: NetworkDraft) {
  const { subnets: _, vpnPublicAddress, vpnPrivateAddress, dns1, dns2, ...plain } = draft;
  return {
    ...plain,
    vpnPublicAddress: text(vpnPublicAddress),
    vpnPrivateAddress: text(vpnPrivateAddress),
    dns1: text(dns1),
    dns2: text(dns2),
  };
}

export function subnetRow(networkId: number, draft: SubnetDraft) {
  return {
    networkId,
    version: draft.version,
    cidr: draft.cidr.toString(),
    firstNumber: draft.cidr.first.value.toString(),
    lastNumber: draft.cidr.last.value.toString(),
    gateway: text(draft.gateway),
    dhcpServer: text(draft.dhcpServer),
    dhcpStart: text(draft.dhcpStart),
    poolFirst: text(draft.pool?.first ?? null),
    poolLast: text(draft.pool?.last ?? null),
  };
}

function text(address: IpAddress | null): string | null {
  return address && address.toString();
}

function mapped<From, To>(value: From | null, map: (value: From) => To): To | null {
  return value === null ? null : map(value);
}
