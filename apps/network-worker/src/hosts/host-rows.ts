import type { Settings } from '@novanet/config';
import type { FiltersIntent, FloatingIpIntent, HostIntent } from '@novanet/host-plan';
import { hasHostAddresses, subnetOf, type InstanceName, type ServedNetwork } from '@novanet/ipam';
import type { ConvergeProblem } from '@novanet/linux-net';
import { IpAddress, type Ipv4 } from '@novanet/net-address';
import type { ChangedRows, ManagerTraits } from '@novanet/network-managers';
import type { Ipam } from '@novanet/persistence';
import { filtersIntent, ipv6Derivation } from './filters-intent.js';
import { floatingIpIntents, hostSettings, networkIntents } from './host-intent.js';
import type { OpenNetworks } from './open-networks.js';

/** The rows a plan is made of. */
export interface PlanRows {
  readonly fixedIps: Pick<Ipam['fixedIps'], 'servedBy' | 'namedIn' | 'nicsOn' | 'claimHostAddress'>;
  readonly floatingIps: Pick<Ipam['floatingIps'], 'servedBy'>;
  readonly dnsRecords: Pick<Ipam['dnsRecords'], 'all'>;
  readonly securityGroups: Pick<Ipam['securityGroups'], 'rulesFor'>;
}

/** What the database wants of this host, and what it could not give for that. */
export interface HostWish {
  readonly intent: HostIntent;
  readonly problems: readonly ConvergeProblem[];
}

interface Known extends HostWish {
  readonly served: readonly ServedNetwork[];
}

/**
 * What the database says of this host. Whoever changes a row says which, so that a floating IP among a thousand is read
 * alone; the intents of all others are the same objects as before, by which plans know that nothing is to be worked out
 * again. What nobody told of is found by the next reading of everything.
 */
export class HostRows {
  private known: Known | undefined;
  private readonly planSettings: HostIntent['settings'];

  constructor(
    private readonly ipam: PlanRows,
    private readonly settings: Settings,
    private readonly traits: ManagerTraits,
    private readonly openNetworks: OpenNetworks,
  ) {
    this.planSettings = hostSettings(settings);
  }

  /** @param changed what may not be as it was at the last reading */
  async read(changed: ReadonlySet<ChangedRows>): Promise<HostWish> {
    const before = this.known;
    // When the reading fails, nobody knows any more what has changed.
    this.known = undefined;
    const isEnough = before && isSettled(before) && !changed.has('everything');
    const now = isEnough ? await this.readAgain(before, changed) : undefined;
    return (this.known = now ?? (await this.readAll()));
  }

  private async readAll(): Promise<Known> {
    const [{ served, problems }, floatingIps, names, filters] = await Promise.all([
      this.served(),
      this.floatingIps(),
      this.ipam.dnsRecords.all(),
      this.filters(),
    ]);
    const intent = {
      settings: this.planSettings,
      networks: networkIntents(served, this.settings.dhcpLeaseTime, await this.instanceNames(served)),
      floatingIps,
      names: served.length > 0 ? names : [],
      filters: filters(served),
    };
    return { intent, problems, served };
  }

  /** Undefined: a network has come of which nobody told yet. */
  private async readAgain(before: Known, changed: ReadonlySet<ChangedRows>): Promise<Known | undefined> {
    const { intent, served } = before;
    const [floatingIps, names, filters] = await Promise.all([
      this.floatingIpsAgain(intent.floatingIps, [...changed].filter(isAddress)),
      changed.has('names') && served.length > 0 ? this.ipam.dnsRecords.all() : intent.names,
      changed.has('filters') ? this.filters() : () => intent.filters,
    ]);
    const networks = new Set(intent.networks.map(({ id }) => id));
    if (floatingIps.some(({ networkId }) => !networks.has(networkId))) return undefined;
    return { ...before, intent: { ...intent, floatingIps, names, filters: filters(served) } };
  }

  private async floatingIps(addresses?: readonly Ipv4[]): Promise<readonly FloatingIpIntent[]> {
    if (!this.traits.servesNetworks) return [];
    return floatingIpIntents(await this.ipam.floatingIps.servedBy(this.settings.host, addresses));
  }

  private async floatingIpsAgain(
    before: readonly FloatingIpIntent[],
    changed: readonly Ipv4[],
  ): Promise<readonly FloatingIpIntent[]> {
    if (changed.length === 0) return before;
    const texts = new Set(changed.map(String));
    const stay = before.filter(({ address }) => !texts.has(address.toString()));
    return [...stay, ...(await this.floatingIps(changed))];
  }

  /** Instances are filtered here whoever serves their networks. Undefined: nothing is to be filtered. */
  private async filters(): Promise<(served: readonly ServedNetwork[]) => FiltersIntent | undefined> {
    if (this.settings.firewallDriver === 'noop') return () => undefined;
    const nics = await this.ipam.fixedIps.nicsOn(this.settings.host);
    if (nics.length === 0) return () => undefined;
    this.openNetworks.warnOf(nics);
    const instanceUuids = [...new Set(nics.map(({ vif }) => vif.instanceUuid))];
    const rules = await this.ipam.securityGroups.rulesFor(instanceUuids, ipv6Derivation(this.settings));
    return (served) => filtersIntent(nics, rules, served, this.settings);
  }

  /** Every host of a network answers for the instances of all. Undefined: nobody would tell of those that come and go. */
  private async instanceNames(
    served: readonly ServedNetwork[],
  ): Promise<readonly InstanceName[] | undefined> {
    if (!this.settings.updateDnsEntries) return undefined;
    const shared = served.filter(({ network }) => network.isMultiHost);
    return this.ipam.fixedIps.namedIn(shared.map(({ network }) => network.id));
  }

  /** An instance that came to this host while its worker was down finds no address of the host in its network. */
  private async served(): Promise<{ served: ServedNetwork[]; problems: ConvergeProblem[] }> {
    if (!this.traits.servesNetworks) return { served: [], problems: [] };
    const { fixedIps } = this.ipam;
    const { host } = this.settings;
    const served = await fixedIps.servedBy(host);
    const bare = served.filter(lacksHostAddress);
    if (bare.length === 0) return { served, problems: [] };
    const problems: ConvergeProblem[] = [];
    for (const { network } of bare) {
      try {
        await fixedIps.claimHostAddress(network, host);
      } catch (error) {
        const subject = network.bridge ?? network.label;
        const message = `this host gets no address in network ${network.uuid}: ${String(error)}`;
        problems.push({ subject, message, ...(network.bridge && { blocks: network.bridge }) });
      }
    }
    return { served: await fixedIps.servedBy(host), problems };
  }
}

/** Leases end, and addresses of hosts become free, without a word. */
function isSettled({ served, problems }: Known): boolean {
  return problems.length === 0 && served.every(({ draining }) => draining.length === 0);
}

function isAddress(changed: ChangedRows): changed is Ipv4 {
  return changed instanceof IpAddress;
}

function lacksHostAddress({ network, dhcpServer }: ServedNetwork): boolean {
  return dhcpServer === null && hasHostAddresses(network) && subnetOf(network, 4) !== undefined;
}
