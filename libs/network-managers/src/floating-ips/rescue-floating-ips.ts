import type { FloatingIp, FloatingIpLedger, InstanceRegistry, NetworkCatalogue } from '@novanet/ipam';
import type { HostName } from '@novanet/net-address';
import type { NetworkHosts } from '../hosts/network-hosts.port.js';
import type { FloatingIpRescue } from '../hosts/remove-host.js';
import type { FloatingIpHandover } from './floating-ip-handover.js';
import type { FloatingTargets } from './floating-target.js';

/** Where the parts of an address are looked up. */
export interface RescueParts {
  readonly ledger: FloatingIpLedger;
  readonly networks: NetworkCatalogue;
  readonly instances: InstanceRegistry;
}

/** The floating IPs of a host that will not come back. */
export class RescueFloatingIps implements FloatingIpRescue {
  constructor(
    private readonly parts: RescueParts,
    private readonly targets: FloatingTargets,
    private readonly hosts: NetworkHosts,
    private readonly handover: FloatingIpHandover,
    /** Told why one could not be moved. */
    private readonly onProblem: (floatingIp: FloatingIp, error: unknown) => void,
  ) {}

  /** Each to the host that has to carry it by now. Repeatable; what is left can be tried again. */
  async rescue(
    lost: HostName,
  ): Promise<{ readonly moved: readonly string[]; readonly left: readonly string[] }> {
    const outcomes = await Promise.all(
      (await this.parts.ledger.servedBy(lost)).map(async (floatingIp) => ({
        address: floatingIp.address.toString(),
        isMoved: await this.move(floatingIp, lost),
      })),
    );
    const addresses = (isMoved: boolean) =>
      outcomes.filter((outcome) => outcome.isMoved === isMoved).map(({ address }) => address);
    return { moved: addresses(true), left: addresses(false) };
  }

  private async move(floatingIp: FloatingIp, lost: HostName): Promise<boolean> {
    const host = await this.hostFor(floatingIp);
    if (host === undefined || host === lost) return false;
    try {
      if (host !== this.hosts.self) await this.hosts.requireUp(host);
      const change = await this.parts.ledger.moveHost(floatingIp, host);
      if (change) await this.handover.complete(change);
      return true;
    } catch (error) {
      this.onProblem(floatingIp, error);
      return false;
    }
  }

  private async hostFor({ association }: FloatingIp): Promise<HostName | undefined> {
    if (!association) return undefined;
    const network = await this.parts.networks.findById(association.networkId);
    const instance = await this.parts.instances.find(association.instanceUuid);
    return network && this.targets.knownHost(network, instance?.host ?? null);
  }
}
