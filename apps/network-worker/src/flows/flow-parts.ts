import type { Settings } from '@novanet/config';
import type {
  ComputeHosts,
  ManagerTraits,
  NameServers,
  NetworkHosts,
  Notifications,
} from '@novanet/network-managers';
import type { Logger } from '@novanet/observability';
import type { Ipam } from '@novanet/persistence';

/** What the flows stand on: the database, the hosts, and those who are told of things. */
export interface FlowParts {
  readonly settings: Settings;
  readonly traits: ManagerTraits;
  readonly ipam: Ipam;
  readonly hosts: NetworkHosts;
  readonly computeHosts: ComputeHosts;
  readonly nameServers: NameServers;
  readonly notifications: Notifications;
  /** Tells every worker that the addresses in these networks changed. */
  readonly announceDns: (networkIds: readonly number[]) => Promise<void>;
  readonly log: Logger;
}
