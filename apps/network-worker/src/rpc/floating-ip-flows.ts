import type { Provider } from '@nestjs/common';
import type { Settings } from '@novanet/config';
import { FloatingIpLedger, FloatingIpPools, InstanceWhereabouts, type FloatingIp } from '@novanet/ipam';
import type { HostName } from '@novanet/net-address';
import {
  AllocateFloatingIp,
  AssignFloatingIp,
  AssociateFloatingIp,
  CarryFloatingIpHere,
  DetachFloatingIps,
  DisassociateFloatingIp,
  DropFloatingIpHere,
  FloatingIpEvents,
  FloatingIpHandover,
  FloatingTargets,
  MoveFloatingIps,
  ReclaimFloatingIps,
  ReleaseFloatingIp,
  RescueFloatingIps,
  type AddressNames,
  type NetworkHosts,
  type Notifications,
  type RefreshSecurityGroups,
  type ServingHosts,
} from '@novanet/network-managers';
import type { Logger } from '@novanet/observability';
import type { Ipam } from '@novanet/persistence';
import { FloatingIpHostsRpc } from './floating-ip-hosts.rpc.js';
import { FloatingIpLookupsRpc } from './floating-ip-lookups.rpc.js';
import { FloatingIpsRpc } from './floating-ips.rpc.js';
import { DEFAULT_FLOATING_POOL, FloatingPoolsRpc } from './floating-pools.rpc.js';

/** What the floating IPs stand on. */
export interface FloatingIpParts {
  readonly ipam: Pick<
    Ipam,
    'floatingIps' | 'floatingIpPools' | 'fixedIps' | 'networks' | 'instances' | 'whereabouts'
  >;
  readonly hosts: NetworkHosts;
  readonly serving: ServingHosts;
  readonly notifications: Notifications;
  readonly names: AddressNames;
  readonly settings: Pick<
    Settings,
    'defaultFloatingPool' | 'floatingIpQuarantine' | 'quotaFloatingIps' | 'autoAssignFloatingIpRequired'
  >;
  readonly securityGroups: Pick<RefreshSecurityGroups, 'floatingIpsChanged'>;
  readonly log: Logger;
}

/** The controllers of managers that have floating IPs. */
export const floatingIpControllers = [
  FloatingIpsRpc,
  FloatingIpLookupsRpc,
  FloatingIpHostsRpc,
  FloatingPoolsRpc,
];

/** What the controllers need, and the flows that instances and hosts need. */
export function floatingIpFlows({
  ipam,
  hosts,
  serving,
  notifications,
  names,
  settings,
  securityGroups,
  log,
}: FloatingIpParts) {
  const { floatingIps: ledger, networks, fixedIps, instances } = ipam;
  const events = new FloatingIpEvents(notifications);
  const targets = new FloatingTargets(fixedIps, networks, instances, serving);
  const onProblem = ({ address }: FloatingIp, host: HostName, error: unknown) => {
    log.warn({ address, host, error }, 'host did not follow a change of a floating ip');
  };
  const handover = new FloatingIpHandover(ledger, hosts, onProblem, securityGroups);
  const options = { pool: settings.defaultFloatingPool, restSeconds: settings.floatingIpQuarantine };
  const allocate = new AllocateFloatingIp(ledger, events, { ...options, quota: settings.quotaFloatingIps });
  const assign = new AssignFloatingIp(ledger, targets, handover, events, {
    ...options,
    isRequired: settings.autoAssignFloatingIpRequired,
    onRefusal: (instance, error) => log.warn({ instance, error }, 'instance starts without floating ip'),
  });
  const rescue = new RescueFloatingIps(
    { ledger, networks, instances },
    targets,
    hosts,
    handover,
    ({ address }, error) => log.warn({ address, error }, 'floating ip not moved from a lost host'),
  );
  const release = new ReleaseFloatingIp(ledger, events, names);
  const disassociate = new DisassociateFloatingIp(ledger, handover, events);
  const provided = [
    allocate,
    release,
    new AssociateFloatingIp(ledger, targets, handover, events),
    disassociate,
    new ReclaimFloatingIps(ipam.floatingIpPools, disassociate, release),
    new CarryFloatingIpHere(ledger, targets, hosts, handover, events),
    new DropFloatingIpHere(ledger, hosts, handover, events),
    new MoveFloatingIps(ledger, networks, targets, hosts, handover),
  ];
  const providers: Provider[] = [
    { provide: FloatingIpLedger, useValue: ledger },
    { provide: InstanceWhereabouts, useValue: ipam.whereabouts },
    { provide: FloatingIpPools, useValue: ipam.floatingIpPools },
    { provide: DEFAULT_FLOATING_POOL, useValue: settings.defaultFloatingPool },
    ...provided.map((flow) => ({ provide: flow.constructor, useValue: flow })),
  ];
  return { providers, assign, rescue, detach: new DetachFloatingIps(ledger, handover, events, names) };
}
