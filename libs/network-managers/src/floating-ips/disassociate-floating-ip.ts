import type { AffectFloatingIpArguments } from '@novanet/contracts';
import {
  CannotDisassociateAutoAssignedFloatingIP,
  type FloatingIp,
  type FloatingIpLedger,
} from '@novanet/ipam';
import type { Caller } from '../caller.js';
import type { FloatingIpEvents } from './floating-ip-events.js';
import type { FloatingIpHandover } from './floating-ip-handover.js';
import { parseFloatingAddress, requireOwner } from './floating-ip-owner.js';

/** `disassociate_floating_ip`: it stands for nothing any more, and still is the project's. */
export class DisassociateFloatingIp {
  constructor(
    private readonly ledger: FloatingIpLedger,
    private readonly handover: FloatingIpHandover,
    private readonly events: FloatingIpEvents,
  ) {}

  /**
   * Done when the database says so: a host that is down gives the address up when it is back. Throws
   * FloatingIpNotFoundForAddress, FloatingIpNotAssociated, CannotDisassociateAutoAssignedFloatingIP, Forbidden,
   * InvalidIpAddressError.
   */
  async run(args: AffectFloatingIpArguments, caller: Caller, requestId: string): Promise<void> {
    const guard = (floatingIp: FloatingIp) => {
      if (floatingIp.isAutoAssigned && args.affect_auto_assigned !== true) {
        throw new CannotDisassociateAutoAssignedFloatingIP();
      }
      requireOwner(floatingIp, caller);
      return true;
    };
    const address = parseFloatingAddress(args.address);
    const former = await this.ledger.disassociate({ address, guard, requestId });
    if (!former) return;
    await this.handover.drop(former, former.host);
    await this.events.disassociated(former, caller);
  }
}
