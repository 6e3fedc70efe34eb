import type { Instance, InstanceRegistration, InstanceRegistry, SecurityGroupBook } from '@novanet/ipam';
import type { RefreshSecurityGroups } from './refresh-security-groups.js';

/** `put_instance`: what a compute service says of an instance, the security groups it is in among it. */
export class RegisterInstance {
  constructor(
    private readonly instances: Pick<InstanceRegistry, 'register'>,
    private readonly groups: Pick<SecurityGroupBook, 'setMembers'>,
    private readonly refresh: Pick<RefreshSecurityGroups, 'groupsChanged'>,
  ) {}

  /**
   * Repeatable. Names of groups that the project does not have are kept for the metadata service, and have no effect on
   * what reaches the instance.
   */
  async run(registration: InstanceRegistration): Promise<Instance> {
    const instance = await this.instances.register(registration);
    const { changedGroupIds } = await this.groups.setMembers(instance.uuid, registration.securityGroups);
    if (changedGroupIds.length > 0) void this.refresh.groupsChanged(instance.uuid, changedGroupIds);
    return instance;
  }
}
