import { randomUUID } from 'node:crypto';
import { type Cidr, parseDeviceName } from '@novanet/net-address';
import type { Network, NetworkDraft } from '../networks/network.js';

/** A flat network of all projects on br100, to be created. */
export function networkDraft(
  subnets: NetworkDraft['subnets'],
  over: Partial<NetworkDraft> = {},
): NetworkDraft {
  return {
    uuid: randomUUID(),
    label: 'private',
    projectId: null,
    isMultiHost: false,
    isInjected: false,
    bridge: parseDeviceName('br100'),
    bridgeInterface: null,
    vlan: null,
    vpnPublicAddress: null,
    vpnPublicPort: null,
    vpnPrivateAddress: null,
    dns1: null,
    dns2: null,
    mtu: null,
    priority: null,
    enableDhcp: true,
    shareAddress: false,
    subnets,
    ...over,
  };
}

/** Network 1, as the database answers it; its subnets have no router. */
export function networkWith(cidrs: readonly Cidr[], over: Partial<Network> = {}): Network {
  const empty = { gateway: null, dhcpServer: null, dhcpStart: null, pool: null };
  return {
    ...networkDraft([]),
    id: 1,
    host: null,
    subnets: cidrs.map((cidr, id) => ({ ...empty, id, cidr, version: cidr.version })),
    createdAt: new Date(0),
    updatedAt: null,
    ...over,
  };
}
