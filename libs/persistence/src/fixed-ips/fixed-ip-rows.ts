import type { FixedIp, Lease, Nic, VirtualInterface } from '@novanet/ipam';
import { Mac, parseHostName, parseIp, type IpAddress } from '@novanet/net-address';
import { toNetwork } from '../networks/network-rows.js';
import type { FixedIpEntity, VirtualInterfaceEntity } from '../schema/fixed-ip.entity.js';

/** The two columns an address is written to, always together: text for people, number for order and arithmetic. */
export function addressColumns(address: IpAddress): { address: string; number: string } {
  return { address: address.toString(), number: address.value.toString() };
}

export function toFixedIp(row: FixedIpEntity, networkId: number): FixedIp {
  return {
    id: Number(row.id),
    subnetId: row.subnetId,
    networkId,
    address: parseIp(row.address),
    role: row.role,
    vifId: row.vifId === null ? null : Number(row.vifId),
    instanceUuid: row.instanceUuid,
    host: row.host === null ? null : parseHostName(row.host),
    isAllocated: row.isAllocated,
    lease: toLease(row),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

/** The lease columns of a row, in whatever way it was read. */
export interface LeaseColumns {
  readonly isLeased: boolean | number;
  readonly leaseMac: string | null;
  readonly leaseHost: string | null;
  readonly leaseExpiresAt: Date | null;
}

export function toLease(row: LeaseColumns): Lease | null {
  if (!row.isLeased) return null;
  return {
    mac: row.leaseMac === null ? null : Mac.parse(row.leaseMac),
    host: row.leaseHost === null ? null : parseHostName(row.leaseHost),
    expiresAt: row.leaseExpiresAt,
  };
}

/** The row needs its fixed IPs. */
export function toHolding(row: VirtualInterfaceEntity): Omit<Nic, 'network'> {
  return { vif: toVif(row), fixedIps: row.fixedIps.map((fixedIp) => toFixedIp(fixedIp, row.networkId)) };
}

/** The row needs its fixed IPs and its network with subnets. */
export function toNic(row: VirtualInterfaceEntity): Nic {
  return { ...toHolding(row), network: toNetwork(row.network) };
}

function toVif(row: VirtualInterfaceEntity): VirtualInterface {
  return {
    id: Number(row.id),
    uuid: row.uuid,
    mac: Mac.parse(row.mac),
    networkId: row.networkId,
    instanceUuid: row.instanceUuid,
    createdAt: row.createdAt,
  };
}
