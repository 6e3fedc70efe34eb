import type { AffectFloatingIpArguments } from '@novanet/contracts';
import type { FloatingIp, FloatingIpLedger } from '@novanet/ipam';
import type { Caller } from '../caller.js';
import type { AddressNames } from './address-names.port.js';
import type { FloatingIpEvents } from './floating-ip-events.js';
import { parseFloatingAddress, requireOwner } from './floating-ip-owner.js';

/** `deallocate_floating_ip`: back into its pool, with its names forgotten. */
export class ReleaseFloatingIp {
  constructor(
    private readonly ledger: FloatingIpLedger,
    private readonly events: FloatingIpEvents,
    private readonly names: AddressNames,
  ) {}

  /**
   * One that came with its instance is left alone unless it may be affected. Throws FloatingIpNotFoundForAddress,
   * Forbidden, FloatingIpAssociated, InvalidIpAddressError.
   */
  async run(args: AffectFloatingIpArguments, caller: Caller, requestId: string): Promise<void> {
    const guard = (floatingIp: FloatingIp) => {
      if (floatingIp.isAutoAssigned && args.affect_auto_assigned !== true) return false;
      requireOwner(floatingIp, caller);
      return true;
    };
    const address = parseFloatingAddress(args.address);
    const former = await this.ledger.release({ address, guard, requestId });
    if (!former || former.projectId === null) return;
    await this.names.forget(address);
    await this.events.released(former, caller);
  }
}
