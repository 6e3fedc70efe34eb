import { type DeviceName, type Ipv4, Mac } from '@novanet/net-address';
import type { NetworkIntent } from '../host-intent.js';
import type { BridgePlan, PlanProblem } from '../host-plan.js';

/** One plan per bridge; networks on the same bridge each add their gateway address. */
export function planBridges(networks: readonly NetworkIntent[]): BridgePlan[] {
  const byName = Map.groupBy(networks, (network) => network.bridge);
  return [...byName].map(([name, inside]) => ({
    name,
    member: memberOf(inside, networks),
    ownMac: macFrom(inside[0]?.dhcpServer),
    mtu: inside.find((network) => network.mtu !== undefined)?.mtu,
    addresses: inside.map((network) => ({ address: network.dhcpServer, cidr: network.cidr })),
  }));
}

/** An interface can be in one bridge: that of the oldest network that names it. The others do without it. */
function memberOf(inside: readonly NetworkIntent[], all: readonly NetworkIntent[]): DeviceName | undefined {
  return inside.find(
    (network) => network.bridgeInterface !== undefined && firstWith(network, all)?.bridge === network.bridge,
  )?.bridgeInterface;
}

/** What cannot be had because somebody else has it. */
export function bridgeProblems(networks: readonly NetworkIntent[]): PlanProblem[] {
  return networks.flatMap((network) => {
    const first = firstWith(network, networks);
    if (!first || first.bridge === network.bridge) return [];
    const { bridge, bridgeInterface: subject, uuid } = network;
    const message =
      `${subject} is in bridge ${first.bridge} of network ${first.uuid}, and so cannot be in ${bridge} of network ` +
      `${uuid}: create that network with bridge ${first.bridge}, or with a bridge_interface of its own`;
    return [{ subject: String(subject), message }];
  });
}

function firstWith(
  { bridgeInterface }: NetworkIntent,
  all: readonly NetworkIntent[],
): NetworkIntent | undefined {
  if (bridgeInterface === undefined) return undefined;
  return all.find((network) => network.bridgeInterface === bridgeInterface);
}

/** A locally administered MAC that no other host on the segment has, because no other host has the address. */
function macFrom(address: Ipv4 | undefined): Mac {
  const bytes = (address?.value ?? 0n).toString(16).padStart(8, '0');
  return Mac.parse(`02:6e:${(bytes.match(/../g) ?? []).join(':')}`);
}
