import type { InstanceReference } from '@novanet/ipam';
import type { HostName, IpAddress, Mac } from '@novanet/net-address';
import { ComputeHosts, NameServers, Notifications } from '@novanet/network-managers';
import { ToldHosts } from './told-hosts.js';

class ToldComputeHosts extends ComputeHosts {
  readonly told: string[] = [];
  readonly filtersRefreshed: string[] = [];
  override async refreshSecurityRules(
    host: HostName,
    instances: readonly InstanceReference[],
  ): Promise<void> {
    this.told.push(...instances.map(({ uuid }) => `${uuid} on ${host}`));
  }
  override async refreshFilters(host: HostName): Promise<void> {
    this.filtersRefreshed.push(host);
  }
  override async refreshAllFilters(): Promise<void> {
    this.filtersRefreshed.push('everywhere');
  }
}

class ToldNotifications extends Notifications {
  readonly told: { eventType: string; payload: Readonly<Record<string, unknown>> }[] = [];
  override async emit(eventType: string, payload: Readonly<Record<string, unknown>>): Promise<void> {
    this.told.push({ eventType, payload });
  }
}

class ToldNameServers extends NameServers {
  refreshed = 0;
  override async refresh(): Promise<void> {
    this.refreshed += 1;
  }
}

/** Everybody a worker talks to, and what they were told. */
export function toldEverybody(self: HostName) {
  const hosts = new ToldHosts(self);
  const computeHosts = new ToldComputeHosts();
  const notifications = new ToldNotifications();
  const nameServers = new ToldNameServers();
  const dns: number[][] = [];
  const ended: string[] = [];
  const forget = () => {
    for (const list of [
      hosts.asked,
      computeHosts.told,
      computeHosts.filtersRefreshed,
      notifications.told,
      dns,
      ended,
    ])
      list.length = 0;
    hosts.up.clear();
    hosts.failure = undefined;
    nameServers.refreshed = 0;
  };
  return { hosts, computeHosts, notifications, nameServers, dns, ended, forget };
}

/** A dnsmasq that gives up every lease at once. */
export function leaseControl({ ended }: { readonly ended: string[] }) {
  const hear = async (address: IpAddress, mac: Mac) =>
    void ended.push(`${address.toString()} ${mac.toString()}`);
  return {
    endStray: hear,
    release: (_device: string, lease: { address: IpAddress; mac: Mac }) => hear(lease.address, lease.mac),
  };
}
