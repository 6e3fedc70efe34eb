import { type Ipv4, Mac } from '@novanet/net-address';
import type { NetworkIntent } from '../host-intent.js';
import type { BridgePlan } from '../host-plan.js';

/** One plan per bridge; networks on the same bridge each add their gateway address. */
export function planBridges(networks: readonly NetworkIntent[]): BridgePlan[] {
  const byName = Map.groupBy(networks, (network) => network.bridge);
  return [...byName].map(([name, inside]) => ({
    name,
    member: inside.find((network) => network.bridgeInterface !== undefined)?.bridgeInterface,
    ownMac: macFrom(inside[0]?.dhcpServer),
    mtu: inside.find((network) => network.mtu !== undefined)?.mtu,
    addresses: inside.map((network) => ({ address: network.dhcpServer, cidr: network.cidr })),
  }));
}

/** A locally administered MAC that no other host on the segment has, because no other host has the address. */
function macFrom(address: Ipv4 | undefined): Mac {
  const bytes = (address?.value ?? 0n).toString(16).padStart(8, '0');
  return Mac.parse(`02:6e:${(bytes.match(/../g) ?? []).join(':')}`);
}
