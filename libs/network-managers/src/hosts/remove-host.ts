import {
  isServiceUp,
  NetworkHostUnavailable,
  InvalidInput,
  type FixedIpLedger,
  type InstanceWhereabouts,
  type Network,
  type NetworkCatalogue,
  type ServiceDirectory,
} from '@novanet/ipam';
import type { HostName } from '@novanet/net-address';
import { HostSetupFailed } from './host-setup-failed.error.js';
import type { HostChoice } from './host-choice.js';
import type { NetworkHosts } from './network-hosts.port.js';

/** Moves a lost host's floating IPs to where their instances are now, and tells which could not be moved. */
export interface FloatingIpRescue {
  rescue(host: HostName): Promise<{ readonly moved: readonly string[]; readonly left: readonly string[] }>;
}

/** What became of a host's possessions; addresses as text. */
export interface HostRemoval {
  readonly host: HostName;
  /** Its own addresses in multi-host networks: free again. */
  readonly addresses: readonly string[];
  /** Uuids of the networks that another host serves now. */
  readonly networks: readonly string[];
  readonly floatingIpsMoved: readonly string[];
  /** Their instances are on the host that is gone: they follow them. */
  readonly floatingIpsLeft: readonly string[];
  /** Uuids of the instances that the compute service still has there. */
  readonly instances: readonly string[];
  /** What the heir could not do at once; it does so when it next compares itself with the database. */
  readonly problems: readonly string[];
}

/** What {@link RemoveHost} works with. */
export interface RemovalParts {
  readonly networks: NetworkCatalogue;
  readonly fixedIps: FixedIpLedger;
  readonly whereabouts: InstanceWhereabouts;
  readonly services: ServiceDirectory;
  readonly floatingIps: FloatingIpRescue;
  readonly hosts: NetworkHosts;
  readonly choice: HostChoice;
  /** `service_down_time`. */
  readonly serviceDownSeconds: number;
}

/** `remove_host`: what a host that will not come back leaves behind. */
export class RemoveHost {
  constructor(private readonly parts: RemovalParts) {}

  /**
   * Repeatable. Throws InvalidInput while its worker is alive, NetworkHostUnavailable when the heir is not, or is
   * disabled.
   * @param wanted who takes over the networks that the host served alone; this worker unless told, or disabled
   */
  async run(host: HostName, wanted?: HostName): Promise<HostRemoval> {
    await this.refuseLiving(host);
    const heir = wanted ?? (await this.parts.choice.choose(0));
    if (heir === host) throw new InvalidInput(`${host} cannot take over from itself`);
    await this.parts.choice.require(heir);
    const addresses = await this.parts.fixedIps.releaseHostAddresses(host);
    const { networks, problems } = await this.handOver(host, heir);
    const { moved, left } = await this.parts.floatingIps.rescue(host);
    const { whereabouts } = this.parts;
    for (const uuid of await whereabouts.on(host)) await whereabouts.unexpect(uuid, host);
    const instances = await whereabouts.on(host);
    await this.parts.services.removeHost(host);
    return {
      host,
      addresses: addresses.map(String),
      networks,
      floatingIpsMoved: moved,
      floatingIpsLeft: left,
      instances,
      problems,
    };
  }

  private async refuseLiving(host: HostName): Promise<void> {
    const services = await this.parts.services.list();
    const isUp = services.some(
      (service) => service.host === host && isServiceUp(service, new Date(), this.parts.serviceDownSeconds),
    );
    if (isUp || host === this.parts.hosts.self) {
      throw new InvalidInput(`${host} is alive: stop its services first`);
    }
  }

  private async handOver(
    host: HostName,
    heir: HostName,
  ): Promise<Pick<HostRemoval, 'networks' | 'problems'>> {
    const owned = await this.parts.networks.findByHost(host);
    const problems: string[] = [];
    for (const { id, isMultiHost } of owned) {
      const change = { host: isMultiHost ? null : heir, vpnPublicAddress: null };
      const updated = await this.parts.networks.update(id, change);
      if (!isMultiHost) problems.push(...(await this.setUp(heir, updated)));
    }
    return { networks: owned.map(({ uuid }) => uuid), problems };
  }

  /** The lost host is not coming back, whatever the heir says: a refusal is reported, not obeyed. */
  private async setUp(heir: HostName, network: Network): Promise<string[]> {
    try {
      await this.parts.hosts.setUp(heir, network);
      return [];
    } catch (error) {
      const isExpected = error instanceof NetworkHostUnavailable || error instanceof HostSetupFailed;
      if (!isExpected) throw error;
      return [error.message];
    }
  }
}
