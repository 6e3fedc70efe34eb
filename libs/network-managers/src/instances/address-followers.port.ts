import type { IpAddress } from '@novanet/net-address';

/** What else depends on the addresses of instances: their names, the firewalls of others, other hosts' DNS. */
export abstract class AddressFollowers {
  /** The instance has these addresses now. MUST be repeatable, and MUST NOT fail the operation. */
  abstract gained(
    instanceUuid: string,
    addresses: readonly IpAddress[],
    networkIds: readonly number[],
  ): Promise<void>;
  /** It has them no more. The same holds. */
  abstract lost(
    instanceUuid: string,
    addresses: readonly IpAddress[],
    networkIds: readonly number[],
  ): Promise<void>;
}
