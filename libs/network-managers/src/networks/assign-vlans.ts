import { RpcValueError } from '@novanet/contracts';
import { DuplicateVlan, type Network } from '@novanet/ipam';
import { HIGHEST_PORT, HIGHEST_VLAN, type VlanRequest } from './network-request.js';

/** What tells a VLAN network from the others: its tag, and the port at which its VPN is reached from outside. */
export interface VlanAssignment {
  readonly vlan: number;
  readonly vpnPort: number;
}

/**
 * The lowest free numbers, one pair per network. nova adds the number of networks to the first VLAN instead, and meets
 * numbers that are taken. Throws DuplicateVlan, RpcValueError when the numbers run out.
 */
export function assignVlans(
  request: VlanRequest,
  existing: readonly Network[],
  count: number,
): VlanAssignment[] {
  const usedVlans = new Set(existing.map(({ vlan }) => vlan));
  if (request.vlan !== undefined && usedVlans.has(request.vlan)) throw new DuplicateVlan(request.vlan);
  const usedPorts = new Set(existing.map(({ vpnPublicPort }) => vpnPublicPort));
  const vlans =
    request.vlan !== undefined
      ? [request.vlan]
      : lowestFree(usedVlans, { first: request.vlanStart, last: HIGHEST_VLAN, count });
  const ports = lowestFree(usedPorts, { first: request.vpnStart, last: HIGHEST_PORT, count });
  if (vlans.length < count) {
    throw new RpcValueError(`no ${count} VLANs are free between ${request.vlanStart} and ${HIGHEST_VLAN}`);
  }
  return vlans.flatMap((vlan, index) => {
    const vpnPort = ports[index];
    if (vpnPort === undefined) {
      throw new RpcValueError(
        `no ${count} VPN ports are free between ${request.vpnStart} and ${HIGHEST_PORT}`,
      );
    }
    return [{ vlan, vpnPort }];
  });
}

function lowestFree(
  used: ReadonlySet<number | null>,
  { first, last, count }: { readonly first: number; readonly last: number; readonly count: number },
): number[] {
  const free: number[] = [];
  for (let number = first; number <= last && free.length < count; number += 1) {
    if (!used.has(number)) free.push(number);
  }
  return free;
}
