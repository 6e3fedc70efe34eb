import {
  DrainHost,
  NetworkOwners,
  RemoveHost,
  SetupNetworksOnHost,
  type HostChoice,
  type ReleaseOnHosts,
  type RescueFloatingIps,
  type ServingHosts,
} from '@novanet/network-managers';
import type { HostName } from '@novanet/net-address';
import type { FlowParts } from './flow-parts.js';

/** What others wired before. */
interface HostFlowParts extends FlowParts {
  readonly choice: HostChoice;
  readonly serving: ServingHosts;
  readonly release: ReleaseOnHosts;
  readonly floatingIps: RescueFloatingIps;
  readonly onHostProblem: (host: HostName, error: unknown) => void;
}

/** What is about the hosts that serve networks. */
export function hostFlows(parts: HostFlowParts): readonly object[] {
  const { settings, ipam, hosts, traits, choice, floatingIps, serving, release, onHostProblem } = parts;
  const { networks, fixedIps, instances, whereabouts, services } = ipam;
  const serviceDownSeconds = settings.serviceDownTime;
  const shared = { networks, fixedIps, floatingIps, hosts, choice };
  const owners = new NetworkOwners({ ...shared, traits, onHostProblem });
  const floatingIpLedger = ipam.floatingIps;
  return [
    choice,
    owners,
    new SetupNetworksOnHost({ fixedIps, instances, whereabouts, hosts, serving, release }),
    new RemoveHost({ ...shared, whereabouts, services, serviceDownSeconds }),
    new DrainHost({ ...shared, whereabouts, services, owners, floatingIpLedger }),
  ];
}
