import {
  DuplicateVlan,
  InvalidInput,
  NetworkChangeConflict,
  subnetOf,
  type Network,
  type NetworkRevision,
  type RevisionScene,
  type Subnet,
} from '@novanet/ipam';
import { parseDeviceName, type DeviceName, type Ipv4 } from '@novanet/net-address';
import type { ManagerTraits } from '../managers/manager-traits.js';
import type { NetworkEdit } from './network-edit.js';
import { inside, refuseFull, usable } from './plan-networks.js';

/**
 * Decides what an edited network becomes, all of it or nothing. Pure. What instances are connected by changes only while
 * there are none; everything else they learn when they renew their lease.
 */
export function revisionOf(edit: NetworkEdit, traits: ManagerTraits): NetworkRevision {
  return (network, scene) => {
    const revised = edited(network, edit, traits);
    requireNoneCutOff(network, revised, scene);
    requireFreeSegment(network, revised, scene);
    requireFreeVpn(network, revised, edit, scene);
    return revised;
  };
}

function edited(network: Network, edit: NetworkEdit, traits: ManagerTraits): Network {
  const vlan = vlanOf(network, edit, traits);
  return {
    ...network,
    label: edit.label ?? network.label,
    projectId: changed(edit.projectId, network.projectId),
    vlan,
    bridge: edit.bridge ?? followingBridge(network, vlan),
    bridgeInterface: bridgeInterfaceOf(network, edit, traits),
    dns1: changed(edit.dns1, network.dns1),
    dns2: changed(edit.dns2, network.dns2),
    mtu: changed(edit.mtu, network.mtu),
    priority: changed(edit.priority, network.priority),
    vpnPublicAddress: changed(edit.vpnPublicAddress, network.vpnPublicAddress),
    vpnPublicPort: changed(edit.vpnPublicPort, network.vpnPublicPort),
    subnets: subnetsOf(network, edit),
  };
}

function changed<T>(wanted: T | null | undefined, now: T | null): T | null {
  return wanted === undefined ? now : wanted;
}

function vlanOf({ vlan }: Network, edit: NetworkEdit, traits: ManagerTraits): number | null {
  const wanted = changed(edit.vlan, vlan);
  if (wanted === vlan) return vlan;
  if (traits.isPerProject && wanted === null) throw new InvalidInput('vlan cannot be taken away');
  if (!traits.isPerProject && wanted !== null)
    throw new InvalidInput(`networks of ${traits.name} have no VLAN`);
  return wanted;
}

/** A bridge that has its name from the VLAN has it from the new one. */
function followingBridge({ bridge, vlan: before }: Network, vlan: number | null): DeviceName | null {
  return before !== null && vlan !== null && bridge === `br${before}` ? parseDeviceName(`br${vlan}`) : bridge;
}

function bridgeInterfaceOf(network: Network, edit: NetworkEdit, traits: ManagerTraits): DeviceName | null {
  const wanted = changed(edit.bridgeInterface, network.bridgeInterface);
  if (wanted === null && network.bridgeInterface !== null && traits.requiredArgument === 'bridge_interface') {
    throw new InvalidInput('bridge_interface cannot be taken away');
  }
  return wanted;
}

function subnetsOf(network: Network, edit: NetworkEdit): Subnet[] {
  const [v4, v6] = [subnetOf(network, 4), subnetOf(network, 6)];
  if (!v4 && (edit.gateway ?? edit.dhcpServer ?? edit.dhcpStart)) {
    throw new InvalidInput(`network ${network.uuid} has no IPv4`);
  }
  if (!v6 && edit.gatewayV6) throw new InvalidInput(`network ${network.uuid} has no IPv6`);
  return network.subnets.map((subnet) => {
    if (subnet === v4) return editedV4(network, v4, edit);
    return subnet === v6 ? editedV6(v6, edit) : subnet;
  });
}

/** The DHCP server that is the gateway goes with it, as when a network is made. */
function editedV4(network: Network, subnet: Subnet<4>, edit: NetworkEdit): Subnet<4> {
  const place = (name: string, wanted: NetworkEdit['gateway'], now: Ipv4 | null) =>
    wanted === undefined ? now : (usable(name, wanted ?? undefined, subnet.cidr) ?? null);
  const gateway = place('gateway', edit.gateway, subnet.gateway);
  const isRouter = subnet.dhcpServer === null || String(subnet.dhcpServer) === String(subnet.gateway);
  const usual = isRouter ? (gateway ?? subnet.dhcpServer) : subnet.dhcpServer;
  const dhcpServer = place('dhcp_server', edit.dhcpServer, usual);
  const dhcpStart = place('dhcp_start', edit.dhcpStart, subnet.dhcpStart);
  const after = { ...subnet, gateway, dhcpServer, dhcpStart };
  if (edit.gateway ?? edit.dhcpServer) requireRoom(network, after);
  return after;
}

/** The addresses of its servers are not the VPN server's, and leave some to instances. */
function requireRoom({ uuid, vpnPrivateAddress }: Network, { gateway, dhcpServer, pool }: Subnet<4>): void {
  const own = [gateway, dhcpServer].flatMap((address) => address ?? []);
  if (own.some((address) => String(address) === String(vpnPrivateAddress))) {
    throw new NetworkChangeConflict(uuid, `address ${String(vpnPrivateAddress)} is its VPN server's`);
  }
  if (pool) refuseFull(pool, vpnPrivateAddress ? [...own, vpnPrivateAddress] : own);
}

function editedV6(subnet: Subnet<6>, { gatewayV6 }: NetworkEdit): Subnet<6> {
  if (gatewayV6 === undefined) return subnet;
  return { ...subnet, gateway: inside(gatewayV6 ?? undefined, subnet.cidr) ?? null };
}

/** Their ports are in the old bridge, where nobody would serve them any more. */
function requireNoneCutOff(before: Network, after: Network, { isInUse }: RevisionScene): void {
  if (!isInUse) return;
  const moved = [
    before.vlan === after.vlan ? [] : ['vlan'],
    before.bridge === after.bridge ? [] : ['bridge'],
    before.bridgeInterface === after.bridgeInterface ? [] : ['bridge_interface'],
  ].flat();
  if (moved.length === 0) return;
  const reason = `another ${moved.join(' and ')} would cut off the instances that hold addresses in it`;
  throw new NetworkChangeConflict(before.uuid, reason);
}

/** Throws DuplicateVlan, NetworkChangeConflict. */
function requireFreeSegment(before: Network, after: Network, { others }: RevisionScene): void {
  const { uuid, vlan, bridge } = after;
  if (vlan !== before.vlan && vlan !== null && others.some((other) => other.vlan === vlan)) {
    throw new DuplicateVlan(vlan);
  }
  if (bridge === before.bridge && vlan === before.vlan) return;
  const owner = others.find((other) => other.bridge === bridge && other.vlan !== vlan);
  if (owner) {
    throw new NetworkChangeConflict(
      uuid,
      `bridge ${bridge ?? ''} is that of network ${owner.uuid} with another VLAN`,
    );
  }
}

/** A project's own networks may share what leads to their VPN: the first one is reached then, as with nova. */
function requireFreeVpn(before: Network, after: Network, edit: NetworkEdit, { others }: RevisionScene): void {
  const { uuid, projectId, vpnPublicAddress: address, vpnPublicPort: port, vpnPrivateAddress } = after;
  if (!vpnPrivateAddress && (edit.vpnPublicAddress ?? edit.vpnPublicPort)) {
    throw new InvalidInput(`network ${uuid} has no address for a VPN server`);
  }
  if (!address || (String(address) === String(before.vpnPublicAddress) && port === before.vpnPublicPort))
    return;
  const owner = others.find(
    (other) =>
      other.vpnPublicPort === port &&
      String(other.vpnPublicAddress) === String(address) &&
      (projectId === null || other.projectId !== projectId),
  );
  if (owner) {
    const place = `${address.toString()}:${port ?? ''}`;
    throw new NetworkChangeConflict(uuid, `${place} leads to the VPN of network ${owner.uuid}`);
  }
}
