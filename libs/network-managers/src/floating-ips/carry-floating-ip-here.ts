import type { CarryFloatingIpArguments } from '@novanet/contracts';
import type { FloatingIp, FloatingIpLedger } from '@novanet/ipam';
import type { Caller } from '../caller.js';
import type { NetworkHosts } from '../hosts/network-hosts.port.js';
import type { FloatingIpEvents } from './floating-ip-events.js';
import type { FloatingIpHandover } from './floating-ip-handover.js';
import { parseFloatingAddress, requireOwner } from './floating-ip-owner.js';
import type { FloatingTargets } from './floating-target.js';

/**
 * `_associate_floating_ip`: this host carries a floating IP. nova-api asks so itself, having chosen the host and written
 * nothing; another worker asks for the host's part alone.
 */
export class CarryFloatingIpHere {
  constructor(
    private readonly ledger: FloatingIpLedger,
    private readonly targets: FloatingTargets,
    private readonly hosts: NetworkHosts,
    private readonly handover: FloatingIpHandover,
    private readonly events: FloatingIpEvents,
  ) {}

  /**
   * Throws FloatingIpNotFoundForAddress, Forbidden, FixedIpNotFoundForAddress, FloatingIpAssociateFailed (nobody holds
   * it, or it stands for another fixed IP: nova-api disassociates it first), what the host fails with; the database is
   * then as before.
   */
  async run(args: CarryFloatingIpArguments, caller: Caller, requestId: string): Promise<void> {
    const address = parseFloatingAddress(args.floating_address);
    if (args.recorded === true) return this.carry(await this.ledger.get(address));
    const guard = (floatingIp: FloatingIp) => {
      requireOwner(floatingIp, caller);
      return true;
    };
    guard(await this.ledger.get(address));
    const { fixedIp } = await this.targets.find(args.fixed_address, caller);
    const host = this.hosts.self;
    const outcome = await this.ledger.associate({ address, fixedIp, host, guard, requestId, mayTake: false });
    if (outcome?.change) await this.handover.complete(outcome.change, requestId);
    if (outcome) await this.events.associated(outcome, caller);
  }

  /** What others have changed meanwhile, they tell the hosts themselves. */
  private async carry(floatingIp: FloatingIp): Promise<void> {
    if (floatingIp.host !== this.hosts.self) return;
    await this.handover.complete({ before: floatingIp, after: floatingIp });
  }
}
