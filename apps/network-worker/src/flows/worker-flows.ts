import type { Provider } from '@nestjs/common';
import type { HostName } from '@novanet/net-address';
import {
  FixedIpEvents,
  HostChoice,
  InstanceNotifications,
  NetworkOwners,
  ReleaseOnHosts,
  ServingHosts,
  type AddressFollowers,
  type RefreshSecurityGroups,
} from '@novanet/network-managers';
import { WorkerFollowers } from '../peers/worker-followers.js';
import { floatingIpFlows } from '../rpc/floating-ip-flows.js';
import { dnsFlows } from './dns-flows.js';
import { hostFlows } from './host-flows.js';
import type { FlowParts } from './flow-parts.js';
import { instanceFlows } from './instance-flows.js';
import { networkFlows } from './network-flows.js';
import { securityGroupFlows } from './security-group-flows.js';

/** Everything a worker can do, wired together. */
export interface WorkerFlows {
  /** For the controllers, each flow by its class. */
  readonly providers: readonly Provider[];
  readonly securityGroups: RefreshSecurityGroups;
  readonly followers: AddressFollowers;
  /** Null where nobody is notified. */
  readonly fixedIpEvents: FixedIpEvents | null;
  /** `deallocate_for_instance`, for what a worker finds out by itself. */
  readonly deallocate: (instanceUuid: string) => Promise<void>;
  readonly instanceNotifications: InstanceNotifications;
}

export function workerFlows(parts: FlowParts): WorkerFlows {
  const { settings, traits, ipam, hosts, log } = parts;
  const { networks, fixedIps, instances, services } = ipam;
  const onHostProblem = (host: HostName, err: unknown) => {
    log.warn({ host, err }, 'host did not clean up; it does when it compares itself with the database');
  };
  const choice = new HostChoice(services, hosts, settings.serviceDownTime);
  const serving = new ServingHosts(networks, hosts, choice, traits, settings.vpnIp);
  const release = new ReleaseOnHosts(hosts, serving, onHostProblem);
  const dns = dnsFlows(parts);
  const groups = securityGroupFlows(parts);
  const names = dns.floatingNames;
  const floatingIps = floatingIpFlows({ ...parts, serving, names, securityGroups: groups.refresh });
  const { rescue } = floatingIps;
  const owned = { networks, fixedIps, hosts, traits, choice, floatingIps: rescue, onHostProblem };
  const owners = new NetworkOwners(owned);
  const fixedIpEvents = isNotified(parts)
    ? new FixedIpEvents(parts.notifications, instances, fixedIps)
    : null;
  const followers = new WorkerFollowers({
    instances,
    names: dns.instanceNames,
    securityGroups: groups.refresh,
    events: fixedIpEvents,
    announceDns: settings.updateDnsEntries ? parts.announceDns : null,
    onError: (err) => log.warn({ err }, 'an address change was not told to everybody'),
  });
  const ofInstances = instanceFlows(parts, { serving, release, followers, floatingIps });
  const deallocate = (uuid: string) => ofInstances.deallocate.run({ instance_id: uuid });
  const provided = [
    ...networkFlows(parts, { owners, filters: groups.refresh, onHostProblem }),
    ...hostFlows({ ...parts, choice, owners, serving, release, floatingIps: rescue }),
    ...groups.provided,
    ...ofInstances.provided,
    ...dns.provided,
  ];
  return {
    providers: [
      ...provided.map((flow) => ({ provide: flow.constructor, useValue: flow })),
      ...floatingIps.providers,
    ],
    securityGroups: groups.refresh,
    followers,
    fixedIpEvents,
    deallocate,
    instanceNotifications: new InstanceNotifications(instances, deallocate, groups.forget),
  };
}

function isNotified({ settings }: Pick<FlowParts, 'settings'>): boolean {
  return settings.notificationDriver.some((driver) => driver !== 'noop');
}
