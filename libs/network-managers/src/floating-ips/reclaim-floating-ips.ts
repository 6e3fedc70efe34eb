import { FloatingIpNotAssociated, type FloatingIp, type FloatingIpPools } from '@novanet/ipam';
import type { Ipv4 } from '@novanet/net-address';
import type { Caller } from '../caller.js';
import type { DisassociateFloatingIp } from './disassociate-floating-ip.js';
import type { ReleaseFloatingIp } from './release-floating-ip.js';

/** Takes floating IPs away from whoever holds them: hosts stop to carry them, their names are forgotten. */
export class ReclaimFloatingIps {
  constructor(
    private readonly pools: FloatingIpPools,
    private readonly disassociate: DisassociateFloatingIp,
    private readonly release: ReleaseFloatingIp,
  ) {}

  /** Repeatable. Nothing is taken when one of them does not exist, or is not in the pool. Throws FloatingIpNotFoundForAddress, InvalidInput. */
  async run(addresses: readonly Ipv4[], caller: Caller, pool?: string): Promise<void> {
    for (const held of await this.pools.heldAmong(addresses, pool)) await this.reclaim(held, caller);
  }

  private async reclaim({ address, association }: FloatingIp, caller: Caller): Promise<void> {
    const args = { address: address.toString(), affect_auto_assigned: true };
    try {
      if (association) await this.disassociate.run(args, caller, newRequestId());
    } catch (error) {
      if (!(error instanceof FloatingIpNotAssociated)) throw error;
    }
    await this.release.run(args, caller, newRequestId());
  }
}

/** Each step is a request of its own. */
function newRequestId(): string {
  return crypto.randomUUID().replaceAll('-', '');
}
