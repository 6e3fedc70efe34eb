import type { IpAddress } from '@novanet/net-address';
import type { FixedIpRole } from './fixed-ip.js';

/** Which fixed IPs to list: those that fit all that is given. */
export interface FixedIpFilter {
  /** Uuid, label, or a block of the network. */
  readonly network?: string;
  /** The host of the instance. */
  readonly host?: string;
  readonly instanceUuid?: string;
  readonly state?: 'allocated' | 'reserved' | 'leased';
  /** The address that the page before ended with; its row may be gone. */
  readonly after?: { readonly subnetId: number; readonly address: IpAddress };
  readonly limit: number;
}

/** An address with what belongs to it, for people to read. */
export interface ListedFixedIp {
  readonly address: string;
  readonly networkUuid: string;
  readonly label: string;
  readonly cidr: string;
  readonly role: FixedIpRole;
  readonly instanceUuid: string | null;
  /** Of the instance. */
  readonly hostname: string | null;
  /** Of the instance. */
  readonly host: string | null;
  readonly isAllocated: boolean;
  readonly isLeased: boolean;
}
