import {
  DrainHost,
  RemoveHost,
  SetupNetworksOnHost,
  type HostChoice,
  type NetworkOwners,
  type ReleaseOnHosts,
  type RescueFloatingIps,
  type ServingHosts,
} from '@novanet/network-managers';
import type { FlowParts } from './flow-parts.js';

/** What others wired before. */
interface HostFlowParts extends FlowParts {
  readonly choice: HostChoice;
  readonly owners: NetworkOwners;
  readonly serving: ServingHosts;
  readonly release: ReleaseOnHosts;
  readonly floatingIps: RescueFloatingIps;
}

/** What is about the hosts that serve networks. */
export function hostFlows(parts: HostFlowParts): readonly object[] {
  const { settings, ipam, hosts, choice, owners, floatingIps, serving, release } = parts;
  const { networks, fixedIps, instances, whereabouts, services } = ipam;
  const serviceDownSeconds = settings.serviceDownTime;
  const shared = { networks, fixedIps, floatingIps, hosts, choice };
  const floatingIpLedger = ipam.floatingIps;
  return [
    choice,
    owners,
    new SetupNetworksOnHost({ fixedIps, instances, whereabouts, hosts, serving, release }),
    new RemoveHost({ ...shared, whereabouts, services, serviceDownSeconds }),
    new DrainHost({ ...shared, whereabouts, services, owners, floatingIpLedger }),
  ];
}
