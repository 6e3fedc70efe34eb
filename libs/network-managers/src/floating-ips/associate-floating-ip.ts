import type { AssociateFloatingIpArguments } from '@novanet/contracts';
import type { AssociationOutcome, FloatingIp, FloatingIpLedger } from '@novanet/ipam';
import type { Caller } from '../caller.js';
import type { FloatingIpEvents } from './floating-ip-events.js';
import type { FloatingIpHandover } from './floating-ip-handover.js';
import { parseFloatingAddress, requireOwner } from './floating-ip-owner.js';
import type { FloatingTargets } from './floating-target.js';

/** `associate_floating_ip`: a floating IP stands for a fixed IP, whatever it stood for. */
export class AssociateFloatingIp {
  constructor(
    private readonly ledger: FloatingIpLedger,
    private readonly targets: FloatingTargets,
    private readonly handover: FloatingIpHandover,
    private readonly events: FloatingIpEvents,
  ) {}

  /**
   * Answers the uuid of the instance that it stood for until now, null if there was none. The same association again
   * makes its host do its part again. Throws FloatingIpNotFoundForAddress, Forbidden, FixedIpNotFoundForAddress,
   * FloatingIpAssociateFailed, NetworkHostUnavailable, what the host fails with; the database is then as before.
   */
  async run(args: AssociateFloatingIpArguments, caller: Caller, requestId: string): Promise<string | null> {
    const guard = (floatingIp: FloatingIp) => {
      if (floatingIp.isAutoAssigned && args.affect_auto_assigned !== true) return false;
      requireOwner(floatingIp, caller);
      return true;
    };
    const address = parseFloatingAddress(args.floating_address);
    const [floatingIp, found] = await Promise.allSettled([
      this.ledger.get(address),
      this.targets.find(args.fixed_address, caller),
    ]);
    // what is wrong with the floating IP is said first; once more it is looked at when its row is locked
    if (!guard(valueOf(floatingIp))) return null;
    const target = valueOf(found);
    const host = await this.targets.requireHost(target);
    const { fixedIp } = target;
    const outcome = await this.ledger.associate({ address, fixedIp, host, guard, requestId, mayTake: true });
    if (!outcome) return null;
    if (outcome.change) await this.handover.complete(outcome.change, requestId);
    await this.events.associated(outcome, caller);
    return formerInstance(outcome, fixedIp.id);
  }
}

/** nova names the instance only when another fixed IP lost the address. */
function formerInstance({ before: { association } }: AssociationOutcome, fixedIpId: number): string | null {
  return association && association.fixedIpId !== fixedIpId ? association.instanceUuid : null;
}

function valueOf<T>(outcome: PromiseSettledResult<T>): T {
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}
