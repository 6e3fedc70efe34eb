import {
  InvalidInput,
  NetworkHostUnavailable,
  type FloatingIpLedger,
  type InstanceWhereabouts,
  type NetworkCatalogue,
  type ServiceDirectory,
} from '@novanet/ipam';
import type { HostName } from '@novanet/net-address';
import type { HostChoice } from './host-choice.js';
import { HostSetupFailed } from './host-setup-failed.error.js';
import type { NetworkHosts } from './network-hosts.port.js';
import type { FloatingIpRescue, HostRemoval } from './remove-host.js';

/** Lets another host serve a network, and its floating IPs follow. */
interface NetworkMove {
  associate(uuid: string, change: { readonly host: HostName }): Promise<void>;
}

/** What {@link DrainHost} works with. */
export interface DrainParts {
  readonly networks: NetworkCatalogue;
  readonly floatingIpLedger: FloatingIpLedger;
  readonly whereabouts: InstanceWhereabouts;
  readonly services: ServiceDirectory;
  readonly owners: NetworkMove;
  readonly floatingIps: FloatingIpRescue;
  readonly hosts: NetworkHosts;
  readonly choice: HostChoice;
}

/** Why the service of a drained host is disabled, unless it was before. */
const REASON = 'drained';

/** `drain_host`: a living host gives up what others can serve. */
export class DrainHost {
  constructor(private readonly parts: DrainParts) {}

  /**
   * The host is disabled first, so that it is given nothing meanwhile. Each network moves as by an operator's hand; one
   * that cannot stays where it is, and the reason is among the problems. Networks that each host serves stay with their
   * instances. Repeatable: what was left is tried again.
   * Throws InvalidInput; NetworkHostUnavailable when the host, or the heir, is down, or the heir is disabled: nothing is
   * changed then.
   * @param heir who takes the networks; unless told, whoever would be given a new one
   */
  async run(host: HostName, heir?: HostName): Promise<HostRemoval> {
    const { hosts, choice, floatingIpLedger, floatingIps, whereabouts } = this.parts;
    if (heir === host) throw new InvalidInput(`${host} cannot take over from itself`);
    await hosts.requireUp(host);
    if (heir) await choice.require(heir);
    await this.disable(host);
    const carried = (await floatingIpLedger.servedBy(host)).map(({ address }) => address.toString());
    const { networks, problems } = await this.handOver(host, heir);
    const { left } = await floatingIps.rescue(host);
    return {
      host,
      addresses: [],
      networks,
      floatingIpsMoved: carried.filter((address) => !left.includes(address)),
      floatingIpsLeft: left,
      instances: await whereabouts.on(host),
      problems,
    };
  }

  private async disable(host: HostName): Promise<void> {
    const { services } = this.parts;
    const enabled = (await services.list()).filter((one) => one.host === host && !one.isDisabled);
    for (const service of enabled) {
      await services.setStatus(service, { isDisabled: true, disabledReason: REASON });
    }
  }

  private async handOver(
    host: HostName,
    heir: HostName | undefined,
  ): Promise<Pick<HostRemoval, 'networks' | 'problems'>> {
    const networks: string[] = [];
    const problems: string[] = [];
    for (const { id, uuid, isMultiHost } of await this.parts.networks.findByHost(host)) {
      if (isMultiHost) continue;
      try {
        await this.parts.owners.associate(uuid, { host: heir ?? (await this.parts.choice.choose(id)) });
        networks.push(uuid);
      } catch (error) {
        const isExpected = error instanceof NetworkHostUnavailable || error instanceof HostSetupFailed;
        if (!isExpected) throw error;
        problems.push(`network ${uuid} stays: ${error.message}`);
      }
    }
    return { networks, problems };
  }
}
