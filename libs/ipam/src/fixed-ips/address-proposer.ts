import type { IpAddress } from '@novanet/net-address';
import { Batcher } from '../batches/batcher.js';
import type { AddressPool, Network, Subnet } from '../networks/network.js';
import { proposeOffsets } from './address-ring.js';
import { poolsOf } from './allocation.js';
import type { FixedIpStore } from './fixed-ip-store.port.js';

/** Proposes addresses of pools. Those who want one of the same pool at the same time move its cursor together. */
export class AddressProposer {
  /** By subnet id. Of a subnet that was deleted a little memory stays. */
  private readonly rings = new Map<number, Batcher<void, number | undefined>>();

  constructor(private readonly store: FixedIpStore) {}

  /** Undefined when nothing is free. */
  async propose(network: Network): Promise<IpAddress | undefined> {
    for (const { subnet, pool } of poolsOf(network)) {
      const offset = await this.ringOf(subnet, pool).ask();
      if (offset !== undefined) return pool.first.plus(offset);
    }
    return undefined;
  }

  private ringOf({ id }: Subnet, pool: AddressPool): Batcher<void, number | undefined> {
    const known = this.rings.get(id);
    if (known) return known;
    const cursor = this.store.cursorOf(id, pool);
    const ring = new Batcher<void, number | undefined>(async (callers) => {
      const offsets = await proposeOffsets(cursor, callers.length);
      return callers.map((_, index) => offsets[index]);
    });
    this.rings.set(id, ring);
    return ring;
  }
}
