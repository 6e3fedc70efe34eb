import type { FixedIp, FixedIpRole, Lease } from '@novanet/ipam';
import { Ipv4, Mac, parseHostName, parseIp, type IpAddress } from '@novanet/net-address';

/** The two columns an address is written to, always together: text for people, number for order and arithmetic. */
export function addressColumns(address: IpAddress): { address: string; number: string } {
  return { address: address.toString(), number: address.value.toString() };
}

/** What {@link FixedIpRow} reads of `fixed_ips f`. */
export const FIXED_IP_COLUMNS = `
  f.id, f.subnet_id AS subnetId, f.address, f.role, f.vif_id AS vifId, f.instance_uuid AS instanceUuid, f.host,
  f.allocated, f.leased AS isLeased, f.lease_mac AS leaseMac, f.lease_host AS leaseHost,
  f.lease_expires_at AS leaseExpiresAt, f.created_at AS createdAt, f.updated_at AS updatedAt`;

export interface FixedIpRow extends LeaseColumns {
  readonly id: number;
  readonly subnetId: number;
  readonly networkId: number;
  readonly address: string;
  readonly role: FixedIpRole;
  readonly vifId: number | null;
  readonly instanceUuid: string | null;
  readonly host: string | null;
  readonly allocated: number;
  readonly createdAt: Date;
  readonly updatedAt: Date | null;
}

export function fixedIpIn(row: FixedIpRow, floatingAddresses: readonly string[]): FixedIp {
  return {
    id: row.id,
    subnetId: row.subnetId,
    networkId: row.networkId,
    address: parseIp(row.address),
    role: row.role,
    vifId: row.vifId,
    instanceUuid: row.instanceUuid,
    host: row.host === null ? null : parseHostName(row.host),
    isAllocated: row.allocated === 1,
    lease: toLease(row),
    floatingAddresses: floatingAddresses.map((address) => Ipv4.parse(address)),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

/** The lease columns of a row. */
export interface LeaseColumns {
  readonly isLeased: number;
  readonly leaseMac: string | null;
  readonly leaseHost: string | null;
  readonly leaseExpiresAt: Date | null;
}

export function toLease(row: LeaseColumns): Lease | null {
  if (row.isLeased !== 1) return null;
  return {
    mac: row.leaseMac === null ? null : Mac.parse(row.leaseMac),
    host: row.leaseHost === null ? null : parseHostName(row.leaseHost),
    expiresAt: row.leaseExpiresAt,
  };
}
