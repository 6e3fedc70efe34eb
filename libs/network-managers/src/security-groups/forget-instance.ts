import type { InstanceRegistry } from '@novanet/ipam';
import type { RefreshSecurityGroups } from './refresh-security-groups.js';

/** `delete_instance`: what is known of an instance goes, when its addresses have gone. */
export class ForgetInstance {
  constructor(
    private readonly instances: Pick<InstanceRegistry, 'find' | 'remove'>,
    private readonly refresh: Pick<RefreshSecurityGroups, 'membersChanged'>,
  ) {}

  /** Repeatable. Throws InstanceInUse. */
  async run(instanceUuid: string): Promise<void> {
    // its groups are forgotten with it, and so whom they concern
    if (await this.instances.find(instanceUuid)) await this.refresh.membersChanged(instanceUuid);
    await this.instances.remove(instanceUuid);
  }
}
