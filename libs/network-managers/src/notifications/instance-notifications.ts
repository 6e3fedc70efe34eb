import type { InstanceRegistry } from '@novanet/ipam';
import type { HostName } from '@novanet/net-address';
import type { ForgetInstance } from '../security-groups/forget-instance.js';
import { instanceEvent, type ServiceNotification } from './instance-event.js';

/** What a notification changed of an instance: the hosts named may have to serve it otherwise than before. */
export interface InstanceChange {
  readonly uuid: string;
  readonly hostBefore: HostName | null;
  readonly hostAfter: HostName | null;
  /** It is to be served by another name. */
  readonly isRenamed: boolean;
  /** Its addresses were given back, and the hosts that served them asked to forget them. */
  readonly isDeleted: boolean;
}

/** Keeps what we know of instances as their compute services notify it, whether or not they tell us by themselves. */
export class InstanceNotifications {
  constructor(
    private readonly instances: Pick<InstanceRegistry, 'find' | 'observe'>,
    /** `deallocate_for_instance`. */
    private readonly deallocate: (instanceUuid: string) => Promise<void>,
    private readonly forget: Pick<ForgetInstance, 'run'>,
  ) {}

  /**
   * Repeatable, and for any order: what is older than what we know says nothing, and what was deleted stays deleted.
   * Undefined when nothing changed. Throws InstanceInUse when the instance was given addresses while it was deleted: it
   * can be handled again.
   */
  async handle(notification: ServiceNotification): Promise<InstanceChange | undefined> {
    const event = instanceEvent(notification);
    if (!event) return undefined;
    if (event.kind === 'deleted') return this.delete(event.uuid);
    const change = await this.instances.observe(event.observation);
    return change && { uuid: event.observation.uuid, ...change, isDeleted: false };
  }

  private async delete(uuid: string): Promise<InstanceChange> {
    const known = await this.instances.find(uuid);
    await this.deallocate(uuid);
    await this.forget.run(uuid);
    return { uuid, hostBefore: known?.host ?? null, hostAfter: null, isRenamed: false, isDeleted: true };
  }
}
