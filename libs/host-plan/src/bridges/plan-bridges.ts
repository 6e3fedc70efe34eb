import { Ipv6Cidr, type Mac } from '@novanet/net-address';
import type { HostSettings, NetworkIntent } from '../host-intent.js';
import type { BridgeAddressPlan, BridgePlan, PlanProblem, VlanPlan } from '../host-plan.js';
import { claimProblems, memberOf, membersByBridge } from './bridge-members.js';
import { LINK_LOCAL, routerAddress } from './link-local.js';
import { ownMac } from './own-mac.js';
import { isMetadataHere, METADATA_IPV6 } from '../metadata-place.js';
import { hasIpv6 } from '../network-role.js';

/** Alone in its network, and nothing is ever sent under it but answers. */
const METADATA_ADDRESS: BridgeAddressPlan = {
  address: METADATA_IPV6,
  cidr: Ipv6Cidr.of(METADATA_IPV6, 128),
  onlyAnswers: true,
};

interface Bridges {
  readonly bridges: readonly BridgePlan[];
  readonly vlans: readonly VlanPlan[];
  readonly problems: readonly PlanProblem[];
}

/** One plan per bridge; networks on the same bridge each add their gateway addresses. */
export function planBridges(settings: HostSettings, networks: readonly NetworkIntent[]): Bridges {
  const members = membersByBridge(networks);
  const bridges = [...Map.groupBy(networks, (network) => network.bridge)].map(([name, inside]) => {
    const mac = ownMac(inside[0]?.uuid ?? '', settings.host);
    return {
      name,
      member: members.get(name)?.name,
      ownMac: mac,
      mtu: mtuOf(inside),
      addresses: [
        ...inside.flatMap(gatewayAddresses),
        ...(inside.some(hasIpv6) ? linkAddresses(settings, mac) : []),
      ],
    };
  });
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

/** By which instances know their router, whatever interface is in the bridge, and where their metadata are. */
function linkAddresses(settings: HostSettings, mac: Mac): BridgeAddressPlan[] {
  return [
    { address: routerAddress(mac), cidr: LINK_LOCAL },
    ...(isMetadataHere(settings) ? [METADATA_ADDRESS] : []),
  ];
}

/** The device that makes the bridge's member, if that is a VLAN. */
function vlanOf({ name, ownMac: mac, mtu }: BridgePlan, network: NetworkIntent | undefined): VlanPlan[] {
  const parent = network?.bridgeInterface;
  const device = network && memberOf(network);
  if (network?.vlan === undefined || parent === undefined || device === undefined) return [];
  return [{ name: device, id: network.vlan, parent, mac, mtu, bridge: name }];
}
