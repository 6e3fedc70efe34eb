import type { DropFloatingIpArguments } from '@novanet/contracts';
import { FloatingIpNotAssociated, type FloatingIp, type FloatingIpLedger } from '@novanet/ipam';
import type { Caller } from '../caller.js';
import type { NetworkHosts } from '../hosts/network-hosts.port.js';
import { isUuid } from '../networks/argument-values.js';
import type { FloatingIpEvents } from './floating-ip-events.js';
import type { FloatingIpHandover } from './floating-ip-handover.js';
import { parseFloatingAddress, requireOwner } from './floating-ip-owner.js';

/**
 * `_disassociate_floating_ip`: this host no longer carries a floating IP. nova-api asks so itself, having written
 * nothing; another worker asks for the host's part alone.
 */
export class DropFloatingIpHere {
  constructor(
    private readonly ledger: FloatingIpLedger,
    private readonly hosts: NetworkHosts,
    private readonly handover: FloatingIpHandover,
    private readonly events: FloatingIpEvents,
  ) {}

  /**
   * Throws FloatingIpNotFoundForAddress, Forbidden; FloatingIpNotAssociated, also when it stands for another instance
   * than the one named (where nova takes it away from that one).
   */
  async run(args: DropFloatingIpArguments, caller: Caller, requestId: string): Promise<void> {
    const address = parseFloatingAddress(args.address);
    if (args.recorded === true) return this.hosts.refreshSelf(address);
    const guard = (floatingIp: FloatingIp) => {
      requireOwner(floatingIp, caller);
      const { instance_uuid: asked } = args;
      if (isUuid(asked) && floatingIp.association?.instanceUuid !== asked.toLowerCase()) {
        throw new FloatingIpNotAssociated(args.address);
      }
      return true;
    };
    const former = await this.ledger.disassociate({ address, guard, requestId });
    if (!former) return;
    await this.handover.drop(former, former.host ?? this.hosts.self);
    await this.events.disassociated(former, caller);
  }
}
