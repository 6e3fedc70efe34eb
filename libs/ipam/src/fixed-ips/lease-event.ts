import type { HostName, IpAddress, Mac } from '@novanet/net-address';
import type { HeldLeaseRow } from './fixed-ip-store.port.js';

/** dnsmasq gave or renewed a lease. */
export interface LeaseEvent {
  readonly address: IpAddress;
  /** Absent: an old dhcpbridge; the NIC's own MAC is assumed. */
  readonly mac?: Mac;
  /** The worker whose dnsmasq it was. */
  readonly host?: HostName;
  readonly expiresAt?: Date;
}

/** dnsmasq took a lease back. */
export type ReleaseEvent = Omit<LeaseEvent, 'expiresAt'>;

/**
 * `unknown-address`: not allocated; `other-owner`: allocated to a NIC with another MAC, or to an instance that has left
 * that host. Both changed nothing.
 */
export type LeaseOutcome = 'recorded' | 'unknown-address' | 'other-owner';

/** `released`: the instance keeps its address; `freed`: it was draining and is free now. */
export type ReleaseOutcome = 'released' | 'freed' | 'ignored';

/** What a release event means to the lease we know. Late, repeated and foreign events mean nothing. */
export function releaseOutcome(row: HeldLeaseRow, event: ReleaseEvent): ReleaseOutcome {
  const holder = row.lease.mac ?? row.vifMac;
  if (event.mac && !holder?.equals(event.mac)) return 'ignored';
  // Of a multi-host network each host has its own dnsmasq: after a migration the old one's farewell comes late.
  const isOtherServer = event.host && row.lease.host && event.host !== row.lease.host;
  if (row.isMultiHost && isOtherServer) return 'ignored';
  return row.isAllocated ? 'released' : 'freed';
}
