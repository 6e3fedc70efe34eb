import type { FixedIp, FloatingIp, FloatingIpLedger, FloatingIpOwner } from '@novanet/ipam';
import type { AddressDetachment } from '../instances/deallocate-fixed-ip.js';
import type { FloatingIpDetachment } from '../instances/deallocate-for-instance.js';
import type { AddressNames } from './address-names.port.js';
import type { FloatingIpEvents } from './floating-ip-events.js';
import type { FloatingIpHandover } from './floating-ip-handover.js';
import { serviceCaller } from './floating-ip-owner.js';

/** Takes the floating IPs off an instance, or off one of its addresses; what came with it goes back to its pool. */
export class DetachFloatingIps implements FloatingIpDetachment, AddressDetachment {
  constructor(
    private readonly ledger: FloatingIpLedger,
    private readonly handover: FloatingIpHandover,
    private readonly events: FloatingIpEvents,
    private readonly names: AddressNames,
  ) {}

  /** Repeatable. Hosts that are down give the addresses up when they are back. */
  run(instanceUuid: string): Promise<void> {
    return this.detachAll({ instanceUuid });
  }

  detach({ id }: Pick<FixedIp, 'id'>): Promise<void> {
    return this.detachAll({ fixedIpIds: [id] });
  }

  private async detachAll(owner: FloatingIpOwner): Promise<void> {
    const formers = await this.ledger.detach(owner);
    await Promise.all(formers.map((former) => this.follow(former)));
  }

  private async follow(former: FloatingIp): Promise<void> {
    await this.handover.drop(former, former.host);
    await this.events.disassociated(former, serviceCaller);
    if (!former.isAutoAssigned) return;
    await this.names.forget(former.address);
    await this.events.released(former, serviceCaller);
  }
}
