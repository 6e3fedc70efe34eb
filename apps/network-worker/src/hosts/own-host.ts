import type { Settings } from '@novanet/config';
import { planHost, type HostPlan } from '@novanet/host-plan';
import { hasHostAddresses, subnetOf, type HostFirewall, type Nic, type ServedNetwork } from '@novanet/ipam';
import type { ConvergeProblem, ConvergeReport } from '@novanet/linux-net';
import type { ManagerTraits } from '@novanet/network-managers';
import type { Ipam } from '@novanet/persistence';
import { isLook, type ConvergeCause } from './host-convergence.js';
import { filtersIntent, ipv6Derivation } from './filters-intent.js';
import { hostIntent, hostSettings } from './host-intent.js';
import { OpenNetworks, type WarningLog } from './open-networks.js';

const nothing: ConvergeReport = { changed: false, commands: 0, problems: [], changes: [], durations: {} };

/** What happened on this host alone is answered without the database when that is away. */
const ON_THIS_HOST: ReadonlySet<ConvergeCause> = new Set(['drift', 'port']);

/** The rows a plan is made of. */
interface Rows {
  readonly fixedIps: Pick<Ipam['fixedIps'], 'servedBy' | 'nicsOn' | 'claimHostAddress'>;
  readonly floatingIps: Pick<Ipam['floatingIps'], 'servedBy'>;
  readonly dnsRecords: Pick<Ipam['dnsRecords'], 'all'>;
  readonly securityGroups: Pick<Ipam['securityGroups'], 'rulesFor'>;
}

/** The NICs on this host, and what may reach them. */
interface Filtered {
  readonly nics: readonly Nic[];
  readonly rules: HostFirewall;
}

/** A plan, and what the database could not give for it. */
interface Wanted {
  readonly plan: HostPlan;
  readonly problems: readonly ConvergeProblem[];
}

/** The host this worker is responsible for: what the database wants of it, made real. */
export class OwnHost {
  private readonly openNetworks: OpenNetworks;
  private last: Wanted | undefined;

  constructor(
    private readonly ipam: Rows,
    private readonly settings: Settings,
    private readonly traits: ManagerTraits,
    private readonly linux: { converge(plan: HostPlan, isLook: boolean): Promise<ConvergeReport> },
    log: WarningLog,
  ) {
    this.openNetworks = new OpenNetworks(settings, log);
  }

  /**
   * Compares the kernel with the database and mends the difference. What was only damaged, or plugged in, on this host is
   * mended without the database when that is away. With `fake_network` there is nothing to compare.
   * @param mustLook whether also what is known of the kernel is looked at
   */
  async converge(cause: ConvergeCause, mustLook = isLook(cause)): Promise<ConvergeReport> {
    if (this.settings.fakeNetwork) return nothing;
    const { plan, problems } = await this.wanted().catch((error: unknown) => {
      if (!ON_THIS_HOST.has(cause) || !this.last) throw error;
      return this.last;
    });
    this.last = { plan, problems };
    const report = await this.linux.converge(plan, mustLook);
    return { ...report, problems: [...report.problems, ...problems] };
  }

  private async wanted(): Promise<Wanted> {
    const [{ networks, problems }, floatingIps, all, filtered] = await Promise.all([
      this.served(),
      this.traits.servesNetworks ? this.ipam.floatingIps.servedBy(this.settings.host) : [],
      this.ipam.dnsRecords.all(),
      this.filtered(),
    ]);
    const names = networks.length > 0 ? all : [];
    const filters = filtered && filtersIntent(filtered.nics, filtered.rules, networks, this.settings);
    const intent = hostIntent(hostSettings(this.settings), networks, { floatingIps, names, filters });
    return { plan: planHost(intent), problems };
  }

  /** Instances are filtered here whoever serves their networks. Undefined: nothing is to be filtered. */
  private async filtered(): Promise<Filtered | undefined> {
    if (this.settings.firewallDriver === 'noop') return undefined;
    const nics = await this.ipam.fixedIps.nicsOn(this.settings.host);
    if (nics.length === 0) return undefined;
    this.openNetworks.warnOf(nics);
    const instanceUuids = [...new Set(nics.map(({ vif }) => vif.instanceUuid))];
    const rules = await this.ipam.securityGroups.rulesFor(instanceUuids, ipv6Derivation(this.settings));
    return { nics, rules };
  }

  /** An instance that came to this host while its worker was down finds no address of the host in its network. */
  private async served(): Promise<{ networks: ServedNetwork[]; problems: ConvergeProblem[] }> {
    if (!this.traits.servesNetworks) return { networks: [], problems: [] };
    const { fixedIps } = this.ipam;
    const { host } = this.settings;
    const networks = await fixedIps.servedBy(host);
    const bare = networks.filter(lacksHostAddress);
    if (bare.length === 0) return { networks, problems: [] };
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
    return { networks: await fixedIps.servedBy(host), problems };
  }
}

function lacksHostAddress({ network, dhcpServer }: ServedNetwork): boolean {
  return dhcpServer === null && hasHostAddresses(network) && subnetOf(network, 4) !== undefined;
}
