import type { HostSettings, NetworkIntent } from '../host-intent.js';
import type { BridgeAddressPlan, BridgePlan, PlanProblem, VlanPlan } from '../host-plan.js';
import { claimProblems, memberOf, membersByBridge } from './bridge-members.js';
import { ownMac } from './own-mac.js';

interface Bridges {
  readonly bridges: readonly BridgePlan[];
  readonly vlans: readonly VlanPlan[];
  readonly problems: readonly PlanProblem[];
}

/** One plan per bridge; networks on the same bridge each add their gateway addresses. */
export function planBridges(settings: HostSettings, networks: readonly NetworkIntent[]): Bridges {
  const members = membersByBridge(networks);
  const bridges = [...Map.groupBy(networks, (network) => network.bridge)].map(([name, inside]) => ({
    name,
    member: members.get(name)?.name,
    ownMac: ownMac(inside[0]?.uuid ?? '', settings.host),
    mtu: mtuOf(inside),
    addresses: inside.flatMap(gatewayAddresses),
  }));
  const vlans = bridges.flatMap((bridge) => vlanOf(bridge, members.get(bridge.name)?.network));
  return { bridges, vlans, problems: claimProblems(networks) };
}

function mtuOf(inside: readonly NetworkIntent[]): number | undefined {
  return inside.find((network) => network.mtu !== undefined)?.mtu;
}

function gatewayAddresses({ v4, v6 }: NetworkIntent): BridgeAddressPlan[] {
  return [
    ...(v4 ? [{ address: v4.dhcpServer, cidr: v4.cidr }] : []),
    ...(v6?.gateway ? [{ address: v6.gateway, cidr: v6.cidr }] : []),
  ];
}

/** The device that makes the bridge's member, if that is a VLAN. */
function vlanOf({ name, ownMac: mac, mtu }: BridgePlan, network: NetworkIntent | undefined): VlanPlan[] {
  const parent = network?.bridgeInterface;
  const device = network && memberOf(network);
  if (network?.vlan === undefined || parent === undefined || device === undefined) return [];
  return [{ name: device, id: network.vlan, parent, mac, mtu, bridge: name }];
}
