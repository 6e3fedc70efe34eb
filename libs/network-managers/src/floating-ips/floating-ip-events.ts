import type { AssociationOutcome, FloatingIp, FloatingIpChange } from '@novanet/ipam';
import type { Caller } from '../caller.js';
import type { Notifications } from '../notifications/notifications.port.js';

/**
 * nova's `network.floating_ip.*`. Whose address it is, not who asked, is said in them: in nova an administrator's
 * requests name no project. A request that is delivered again may be told of again.
 */
export class FloatingIpEvents {
  constructor(private readonly notifications: Notifications) {}

  allocated({ address, projectId }: FloatingIp, caller: Caller): Promise<void> {
    return this.emit('allocate', { project_id: projectId, floating_ip: address.toString() }, caller);
  }

  /** @param former what it was */
  released(former: FloatingIp, caller: Caller): Promise<void> {
    const { address, projectId } = former;
    return this.emit('deallocate', { project_id: projectId, floating_ip: address.toString() }, caller);
  }

  /** Nothing when it still stands for what it stood for. */
  async associated({ before, change }: AssociationOutcome, caller: Caller): Promise<void> {
    if (!change || !isElsewhere(change)) return;
    await this.disassociated(before, caller);
    await this.emitAssociation('associate', change.after, caller);
  }

  /** @param former what it was */
  disassociated(former: FloatingIp, caller: Caller): Promise<void> {
    return this.emitAssociation('disassociate', former, caller);
  }

  private async emitAssociation(event: string, floatingIp: FloatingIp, caller: Caller): Promise<void> {
    const { association, address, projectId } = floatingIp;
    if (!association) return;
    const { instanceUuid } = association;
    const payload = { project_id: projectId, instance_id: instanceUuid, floating_ip: address.toString() };
    await this.emit(event, payload, caller);
  }

  private emit(event: string, payload: Readonly<Record<string, unknown>>, caller: Caller): Promise<void> {
    return this.notifications.emit(`network.floating_ip.${event}`, payload, caller);
  }
}

function isElsewhere({ before, after }: FloatingIpChange): boolean {
  return before.association?.fixedIpId !== after.association?.fixedIpId;
}
