import { InvalidInput, type AssociationTarget, type FloatingIpLedger, type Nic } from '@novanet/ipam';
import { Ipv4 } from '@novanet/net-address';
import type { AutomaticFloatingIp } from '../instances/allocate-for-instance.js';
import type { FloatingIpOptions } from './allocate-floating-ip.js';
import type { FloatingIpEvents } from './floating-ip-events.js';
import type { FloatingIpHandover } from './floating-ip-handover.js';
import { serviceCaller } from './floating-ip-owner.js';
import type { FloatingTargets } from './floating-target.js';

export interface AssignmentOptions extends Pick<FloatingIpOptions, 'pool' | 'restSeconds'> {
  /** `auto_assign_floating_ip_required`: false lets an instance start without. */
  readonly isRequired: boolean;
  /** Told why an instance starts without. */
  readonly onRefusal: (instanceUuid: string, error: unknown) => void;
}

/** `auto_assign_floating_ip`: the first address of a new instance gets a floating IP. */
export class AssignFloatingIp implements AutomaticFloatingIp {
  constructor(
    private readonly ledger: FloatingIpLedger,
    private readonly targets: FloatingTargets,
    private readonly handover: FloatingIpHandover,
    private readonly events: FloatingIpEvents,
    private readonly options: AssignmentOptions,
  ) {}

  /**
   * Repeatable: an address keeps the floating IP that it has. Throws FloatingIpPoolNotFound, NoMoreFloatingIps,
   * NetworkHostUnavailable, what the host fails with, InvalidInput without a project; the database is then as before.
   * nova leaves the floating IP with the project.
   */
  async assign(nics: readonly Nic[], projectId: string | null): Promise<void> {
    const first = nics.flatMap((nic) => addressesOf(nic).map((fixedIp) => ({ nic, fixedIp })))[0];
    // without an IPv4 address there is nothing that it could stand for; nova stumbles
    if (!first) return;
    try {
      await this.assignTo(first.fixedIp, first.nic, projectId);
    } catch (error) {
      if (this.options.isRequired) throw error;
      this.options.onRefusal(first.fixedIp.instanceUuid, error);
    }
  }

  private async assignTo(
    fixedIp: AssociationTarget,
    { network }: Nic,
    givenProject: string | null,
  ): Promise<void> {
    const target = await this.targets.of(fixedIp, network);
    const projectId = givenProject ?? target.projectId;
    if (!projectId) throw new InvalidInput('an instance without a project cannot get a floating IP');
    const host = await this.targets.requireHost(target);
    const { pool, restSeconds } = this.options;
    const change = await this.ledger.assign({ fixedIp, projectId, host, pool, restSeconds });
    await this.handover.complete(change);
    const { before, after } = change;
    if (before.projectId === null) await this.events.allocated(after, serviceCaller);
    await this.events.associated({ before, change }, serviceCaller);
  }
}

function addressesOf({ vif, fixedIps }: Nic): AssociationTarget[] {
  return fixedIps.flatMap(({ id, address: { version, value }, isAllocated }) =>
    version === 4 && isAllocated
      ? [{ id, address: Ipv4.fromValue(value), instanceUuid: vif.instanceUuid }]
      : [],
  );
}
