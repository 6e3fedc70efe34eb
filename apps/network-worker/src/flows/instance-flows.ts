import {
  AllocateFixedIp,
  AllocateForInstance,
  ChangeFixedIps,
  DeallocateFixedIp,
  DeallocateForInstance,
  FindByAddress,
  InstanceNetworkInfo,
  NetworkChoice,
  ReserveFixedIp,
  ValidateNetworks,
  type AddressFollowers,
  type AssignFloatingIp,
  type DetachFloatingIps,
  type ReleaseOnHosts,
  type ServingHosts,
} from '@novanet/network-managers';
import type { FlowParts } from './flow-parts.js';

/** What the flows about instances share with others. */
export interface SharedFlows {
  readonly serving: ServingHosts;
  readonly release: ReleaseOnHosts;
  readonly followers: AddressFollowers;
  readonly floatingIps: { readonly assign: AssignFloatingIp; readonly detach: DetachFloatingIps };
}

/** The flows about what instances have. */
export function instanceFlows(
  { settings, traits, ipam, hosts }: FlowParts,
  { serving, release, followers, floatingIps }: SharedFlows,
) {
  const { networks, fixedIps, instances, whereabouts } = ipam;
  const fixedIpQuota = settings.quotaFixedIps;
  const networkInfo = new InstanceNetworkInfo(fixedIps, instances, traits);
  const allocate = new AllocateForInstance({
    choice: new NetworkChoice(networks, traits, settings.defaultNetwork),
    fixedIps,
    hosts,
    serving,
    release,
    followers,
    traits,
    fixedIpQuota,
    automaticFloatingIp: settings.autoAssignFloatingIp && traits.servesNetworks ? floatingIps.assign : null,
  });
  const deallocateFixedIp = new DeallocateFixedIp({
    fixedIps,
    networks,
    whereabouts,
    floatingIps: floatingIps.detach,
    release,
    followers,
  });
  const deallocate = new DeallocateForInstance(fixedIps, whereabouts, floatingIps.detach, release, followers);
  const changes = new ChangeFixedIps({
    networks,
    fixedIps,
    instances,
    hosts,
    serving,
    release,
    followers,
    networkInfo,
    deallocate: deallocateFixedIp,
    traits,
    fixedIpQuota,
  });
  const provided = [
    allocate,
    deallocate,
    deallocateFixedIp,
    changes,
    networkInfo,
    new AllocateFixedIp(networks, fixedIps, allocate, hosts.self),
    new ReserveFixedIp(networks, ipam.reservations),
    new ValidateNetworks(networks, fixedIps, instances, traits),
    new FindByAddress(fixedIps, traits),
  ];
  return { provided, deallocate };
}
