import type { FixedIpLedger, InstanceRegistry } from '@novanet/ipam';
import type { IpAddress } from '@novanet/net-address';
import { serviceCaller } from '../floating-ips/floating-ip-owner.js';
import type { Notifications } from '../notifications/notifications.port.js';

/**
 * `network.fixed_ip.*`: addresses that instances get, lose, lease and give back. nova tells nobody. What is repeated may
 * be told of again.
 */
export class FixedIpEvents {
  constructor(
    private readonly notifications: Notifications,
    private readonly instances: Pick<InstanceRegistry, 'find'>,
    private readonly fixedIps: Pick<FixedIpLedger, 'findByAddress'>,
  ) {}

  allocated(instanceUuid: string, addresses: readonly IpAddress[]): Promise<void> {
    return this.emit('allocate', instanceUuid, addresses);
  }

  deallocated(instanceUuid: string, addresses: readonly IpAddress[]): Promise<void> {
    return this.emit('deallocate', instanceUuid, addresses);
  }

  /** DHCP gave it to its holder, for the first time or again. */
  leased(address: IpAddress): Promise<void> {
    return this.emitForHolder('lease', address);
  }

  released(address: IpAddress): Promise<void> {
    return this.emitForHolder('release', address);
  }

  private async emitForHolder(event: string, address: IpAddress): Promise<void> {
    const fixedIp = await this.fixedIps.findByAddress(address);
    await this.emit(event, fixedIp?.instanceUuid ?? null, [address]);
  }

  private async emit(
    event: string,
    instanceUuid: string | null,
    addresses: readonly IpAddress[],
  ): Promise<void> {
    if (addresses.length === 0) return;
    const instance = instanceUuid === null ? undefined : await this.instances.find(instanceUuid);
    for (const address of addresses) {
      const payload = {
        project_id: instance?.projectId ?? null,
        instance_id: instanceUuid,
        fixed_ip: address.toString(),
      };
      await this.notifications.emit(`network.fixed_ip.${event}`, payload, serviceCaller);
    }
  }
}
