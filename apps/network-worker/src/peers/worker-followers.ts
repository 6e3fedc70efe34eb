import type { InstanceRegistry } from '@novanet/ipam';
import { Ipv4, type IpAddress } from '@novanet/net-address';
import {
  AddressFollowers,
  type FixedIpEvents,
  type InstanceNames,
  type RefreshSecurityGroups,
} from '@novanet/network-managers';

/** What {@link WorkerFollowers} works with. */
export interface FollowerParts {
  readonly instances: InstanceRegistry;
  /** Null where instances get no names. */
  readonly names: InstanceNames | null;
  readonly securityGroups: RefreshSecurityGroups;
  /** Null where nobody is notified. */
  readonly events: FixedIpEvents | null;
  /** With `update_dns_entries`: tells every worker. */
  readonly announceDns: ((networkIds: readonly number[]) => Promise<void>) | null;
  onError(error: unknown): void;
}

/** The names of instances, the firewalls of those who let them in, other hosts' DNS, and who listens to notifications. */
export class WorkerFollowers extends AddressFollowers {
  constructor(private readonly parts: FollowerParts) {
    super();
  }

  override async gained(
    instanceUuid: string,
    addresses: readonly IpAddress[],
    networkIds: readonly number[],
  ): Promise<void> {
    await this.quietly(async () => {
      const { names, instances, events } = this.parts;
      const instance = names ? await instances.find(instanceUuid) : undefined;
      if (names && instance) for (const address of v4(addresses)) await names.add(instance, address);
      await events?.allocated(instanceUuid, addresses);
      await this.tell(instanceUuid, networkIds);
    });
  }

  override async lost(
    instanceUuid: string,
    addresses: readonly IpAddress[],
    networkIds: readonly number[],
  ): Promise<void> {
    await this.quietly(async () => {
      const { names, events } = this.parts;
      const instance = { uuid: instanceUuid };
      if (names) for (const address of v4(addresses)) await names.forget(instance, address);
      if (addresses.length === 0) await names?.forgetLeftOver(instance);
      await events?.deallocated(instanceUuid, addresses);
      await this.tell(instanceUuid, networkIds);
    });
  }

  private async tell(instanceUuid: string, networkIds: readonly number[]): Promise<void> {
    const { securityGroups, announceDns } = this.parts;
    void securityGroups.membersChanged(instanceUuid);
    if (announceDns && networkIds.length > 0) await announceDns(networkIds);
  }

  private async quietly(work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => this.parts.onError(error));
  }
}

function v4(addresses: readonly IpAddress[]): Ipv4[] {
  return addresses.flatMap((address) => (address.version === 4 ? [Ipv4.fromValue(address.value)] : []));
}
