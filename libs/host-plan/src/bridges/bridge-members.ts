import { type DeviceName, parseDeviceName } from '@novanet/net-address';
import type { NetworkIntent } from '../host-intent.js';
import type { PlanProblem } from '../host-plan.js';

/** The device that a bridge has in it, and the network that asked for it. */
export interface BridgeMember {
  readonly name: DeviceName;
  readonly network: NetworkIntent;
}

/** What the network wants in its bridge: nova's `vlan100` on the interface, or the interface itself. */
export function memberOf({ vlan, bridgeInterface }: NetworkIntent): DeviceName | undefined {
  if (bridgeInterface === undefined || vlan === undefined) return bridgeInterface;
  return parseDeviceName(`vlan${vlan}`);
}

/**
 * A device can be in one bridge: that of the oldest network that names it. The others do without it.
 * @param networks the oldest first
 */
export function membersByBridge(networks: readonly NetworkIntent[]): Map<DeviceName, BridgeMember> {
  const members = new Map<DeviceName, BridgeMember>();
  for (const network of networks) {
    const name = memberOf(network);
    if (name === undefined || members.has(network.bridge)) continue;
    if (firstWith(name, networks)?.bridge === network.bridge) members.set(network.bridge, { name, network });
  }
  return members;
}

/** What networks cannot have because another has it, or because they do not say where. */
export function claimProblems(networks: readonly NetworkIntent[]): PlanProblem[] {
  return networks.flatMap((network) => {
    const message = claimProblem(network, networks);
    return message === undefined ? [] : [{ subject: memberOf(network) ?? network.bridge, message }];
  });
}

function claimProblem(network: NetworkIntent, all: readonly NetworkIntent[]): string | undefined {
  const { bridge, bridgeInterface, uuid, vlan } = network;
  const member = memberOf(network);
  if (member === undefined) {
    if (vlan === undefined) return undefined;
    return (
      `network ${uuid} has VLAN ${vlan} and no interface to be on: set vlan_interface, or the network's ` +
      'bridge_interface'
    );
  }
  const first = firstWith(member, all);
  if (!first) return undefined;
  if (first.bridge !== bridge) {
    const alternative = vlan === undefined ? 'a bridge_interface of its own' : 'another VLAN';
    return (
      `${member} is in bridge ${first.bridge} of network ${first.uuid}, and so cannot be in ${bridge} of network ` +
      `${uuid}: create that network with bridge ${first.bridge}, or with ${alternative}`
    );
  }
  if (vlan === undefined || first.bridgeInterface === bridgeInterface) return undefined;
  return (
    `${member} is on ${first.bridgeInterface} for network ${first.uuid}, and so cannot be on ${bridgeInterface} for ` +
    `network ${uuid}: give them the same interface, or different VLANs`
  );
}

function firstWith(member: DeviceName, all: readonly NetworkIntent[]): NetworkIntent | undefined {
  return all.find((network) => memberOf(network) === member);
}
