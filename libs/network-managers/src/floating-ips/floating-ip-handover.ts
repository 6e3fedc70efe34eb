import type { FloatingIp, FloatingIpChange, FloatingIpLedger } from '@novanet/ipam';
import type { HostName } from '@novanet/net-address';
import type { RefreshSecurityGroups } from '../security-groups/refresh-security-groups.js';
import type { CarriedFloatingIp, NetworkHosts } from '../hosts/network-hosts.port.js';

/** Lets the hosts follow what the database says of a floating IP, and those who let its instance in. */
export class FloatingIpHandover {
  constructor(
    private readonly ledger: Pick<FloatingIpLedger, 'undo'>,
    private readonly hosts: NetworkHosts,
    /** Told of a host that could not give an address up; it does so when it is back. */
    private readonly onProblem: (floatingIp: FloatingIp, host: HostName, error: unknown) => void,
    private readonly securityGroups: Pick<RefreshSecurityGroups, 'floatingIpsChanged'>,
  ) {}

  /**
   * The new side first: when it carries the address, and has said so to the segment, the old one gives it up. When the
   * new side cannot, everything becomes what it was, unless somebody has changed it since; throws what it failed with.
   */
  async complete(change: FloatingIpChange, requestId?: string): Promise<void> {
    const { before, after } = change;
    const carried = carriedBy(after);
    if (carried && after.host !== null) {
      try {
        await this.hosts.carryFloatingIp(after.host, carried);
      } catch (error) {
        if (before.revision !== after.revision) await this.takeBack(change, requestId);
        throw error;
      }
    }
    this.tellGroups(before, after);
    if (before.host !== null && before.host !== after.host) await this.drop(before, before.host);
  }

  /** Best effort: whether the host can be asked or not, the database says already that it is over. */
  async drop(former: FloatingIp, host: HostName | null): Promise<void> {
    const carried = carriedBy(former);
    this.tellGroups(former);
    if (!carried || host === null) return;
    try {
      await this.hosts.dropFloatingIp(host, carried);
    } catch (error) {
      this.onProblem(former, host, error);
    }
  }

  /** Whoever the instance talks to may see it under its floating IP. */
  private tellGroups(...floatingIps: readonly FloatingIp[]): void {
    for (const { association } of floatingIps) {
      if (association) void this.securityGroups.floatingIpsChanged(association.instanceUuid);
    }
  }

  /** The host that failed may have done half of it. */
  private async takeBack(change: FloatingIpChange, requestId: string | undefined): Promise<void> {
    const { before, after } = change;
    if (!(await this.ledger.undo(change, requestId))) return;
    const carried = carriedBy(before);
    if (!carried || before.host === null || before.host !== after.host) return this.drop(after, after.host);
    try {
      await this.hosts.carryFloatingIp(before.host, carried);
    } catch (error) {
      this.onProblem(before, before.host, error);
    }
  }
}

function carriedBy({ address, association, interface: device }: FloatingIp): CarriedFloatingIp | undefined {
  if (!association) return undefined;
  const { fixedAddress, instanceUuid } = association;
  return { address, fixedAddress, instanceUuid, interface: device };
}
