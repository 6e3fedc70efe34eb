import type { Ipv4 } from '@novanet/net-address';

/** The names that projects gave to floating IPs. */
export abstract class AddressNames {
  /** Takes away every name of an address that was released. Best effort: MUST NOT throw. */
  abstract forget(address: Ipv4): Promise<void>;
}
