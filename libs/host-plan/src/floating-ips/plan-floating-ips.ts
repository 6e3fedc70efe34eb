import type { DeviceName, Ipv4 } from '@novanet/net-address';
import type { FloatingIpIntent, HostIntent } from '../host-intent.js';
import type { BridgePlan, FloatingIpPlan, PlanProblem } from '../host-plan.js';
import { hasIpv4 } from '../network-role.js';
import { perObject } from '../per-object.js';

/** A floating IP with the network of the instance that has it. */
export interface PlacedFloatingIp extends FloatingIpPlan {
  readonly networkId: number;
}

interface FloatingIps {
  readonly floatingIps: readonly PlacedFloatingIp[];
  readonly problems: readonly PlanProblem[];
}

/**
 * Where the floating IPs are, by address. An interface that is in one of our bridges has no addresses of its own: what
 * would be on it is on the bridge.
 */
export function planFloatingIps(intent: HostIntent, bridges: readonly BridgePlan[]): FloatingIps {
  const placed: PlacedFloatingIp[] = [];
  const problems: PlanProblem[] = [];
  const served = new Set(intent.networks.filter(hasIpv4).map(({ id }) => id));
  const bridgeOf = new Map(bridges.map(({ name, member }) => [member, name]));
  for (const row of [...intent.floatingIps].sort((a, b) => a.address.compare(b.address))) {
    const wanted = row.interface ?? intent.settings.publicInterface;
    const refusal = refusalOf(row, intent, served.has(row.networkId));
    if (wanted === undefined || refusal !== undefined) {
      problems.push(problemWith(row.address, refusal ?? NO_INTERFACE));
      continue;
    }
    placed.push(place(row, bridgeOf.get(wanted) ?? wanted));
  }
  return { floatingIps: placed, problems };
}

const place = perObject(
  ({ address, fixedAddress, networkId }: FloatingIpIntent, device: DeviceName): PlacedFloatingIp => ({
    address,
    fixedAddress,
    device,
    networkId,
  }),
);

const NO_INTERFACE =
  'there is no interface for it: set public_interface, or give the floating IP an interface of its own';

function refusalOf(row: FloatingIpIntent, { settings }: HostIntent, isServed: boolean): string | undefined {
  if (!isServed) {
    return `this host does not serve network ${row.networkId}, to which ${row.fixedAddress.toString()} belongs`;
  }
  if (settings.myIp.equals(row.address)) {
    return 'it is the address of this host (my_ip), which would be cut off: take it out of its pool';
  }
  return undefined;
}

function problemWith(address: Ipv4, message: string): PlanProblem {
  return { subject: address.toString(), message, floatingIps: [address] };
}
