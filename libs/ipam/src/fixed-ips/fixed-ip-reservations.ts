import type { IpAddress } from '@novanet/net-address';
import { FixedIpAlreadyInUse, FixedIpNotFoundForAddress, InvalidInput } from '../errors.js';
import type { FixedIpStore } from './fixed-ip-store.port.js';

/** Which addresses an administrator keeps from being handed out. */
export class FixedIpReservations {
  constructor(private readonly store: Pick<FixedIpStore, 'reserve' | 'unreserve'>) {}

  /**
   * One with a purpose of its own (a gateway) is never handed out anyway. Repeatable. Throws FixedIpAlreadyInUse (nova
   * reserves it all the same); FixedIpNotFoundForAddress when the subnet is gone.
   */
  async add(subnetId: number, address: IpAddress): Promise<void> {
    const kept = await this.store.reserve(subnetId, address);
    if (!kept) throw new FixedIpNotFoundForAddress(address.toString());
    if (kept.instanceUuid !== null) throw new FixedIpAlreadyInUse(address.toString(), kept.instanceUuid);
  }

  /**
   * Repeatable: an address that is not reserved stays as it is. Throws InvalidInput when it has a purpose of its own (nova
   * hands out its gateways then).
   */
  async remove(subnetId: number, address: IpAddress): Promise<void> {
    const kept = await this.store.unreserve(subnetId, address);
    if (!kept || kept.role === 'instance') return;
    throw new InvalidInput(`${address.toString()} is a ${kept.role} address, which stays reserved`);
  }
}
