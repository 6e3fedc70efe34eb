import { networkInfo, type NetworkInfo } from '@novanet/contracts';
import { InstanceNotFound, type FixedIpLedger, type InstanceRegistry } from '@novanet/ipam';
import type { ManagerTraits } from '../managers/manager-traits.js';
import { instanceUuid } from './instance-identity.js';

/** `get_instance_nw_info`. */
export class InstanceNetworkInfo {
  constructor(
    private readonly fixedIps: FixedIpLedger,
    private readonly instances: InstanceRegistry,
    private readonly traits: ManagerTraits,
  ) {}

  /**
   * Throws InvalidUUID; InstanceNotFound for an instance nobody knows. nova answers an empty list then, which makes the
   * caller forget the addresses of a living instance.
   */
  async run(args: {
    readonly instance_id?: unknown;
    readonly instance_uuid?: string | null;
  }): Promise<NetworkInfo> {
    const uuid = instanceUuid(args);
    const nics = await this.fixedIps.nicsOf(uuid);
    if (nics.length === 0 && !(await this.instances.find(uuid))) throw new InstanceNotFound(uuid);
    return networkInfo(nics, this.traits);
  }
}
