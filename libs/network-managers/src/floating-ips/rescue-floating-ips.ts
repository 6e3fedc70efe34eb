import type { FloatingIp, FloatingIpLedger, InstanceRegistry, NetworkCatalogue } from '@novanet/ipam';
import type { HostName } from '@novanet/net-address';
import type { NetworkHosts } from '../hosts/network-hosts.port.js';
import type { FloatingIpRescue } from '../hosts/remove-host.js';
import type { FloatingIpFollowing } from '../networks/network-owners.js';
import type { FloatingIpHandover } from './floating-ip-handover.js';
import type { FloatingTargets } from './floating-target.js';

/** Where the parts of an address are looked up. */
export interface RescueParts {
  readonly ledger: FloatingIpLedger;
  readonly networks: NetworkCatalogue;
  readonly instances: InstanceRegistry;
}

/** Floating IPs whose host will not come back, or does not serve their network any more. */
export class RescueFloatingIps implements FloatingIpRescue, FloatingIpFollowing {
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

  /** What cannot be moved stays where it was. Nobody carries one whose instance nobody serves. Repeatable. */
  async follow(networkId: number): Promise<void> {
    const all = await this.parts.ledger.list();
    const ours = all.filter(({ association }) => association?.networkId === networkId);
    await Promise.all(
      ours.map(async (floatingIp) => {
        const host = (await this.hostFor(floatingIp)) ?? null;
        return host === floatingIp.host || this.moveTo(host, floatingIp);
      }),
    );
  }

  private async move(floatingIp: FloatingIp, lost: HostName): Promise<boolean> {
    const host = await this.hostFor(floatingIp);
    if (host === undefined || host === lost) return false;
    return this.moveTo(host, floatingIp);
  }

  private async moveTo(host: HostName | null, floatingIp: FloatingIp): Promise<boolean> {
    try {
      if (host !== null && host !== this.hosts.self) await this.hosts.requireUp(host);
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
