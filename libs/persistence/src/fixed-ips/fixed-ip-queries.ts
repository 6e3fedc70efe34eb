import type { FixedIp, VirtualInterface } from '@novanet/ipam';
import { Mac, parseIp, type HostName, type IpAddress } from '@novanet/net-address';
import type { EntityManager } from 'typeorm';
import { VirtualInterfaceEntity } from '../schema/fixed-ip.entity.js';
import { FIXED_IP_COLUMNS, fixedIpIn, type FixedIpRow } from './fixed-ip-rows.js';

interface FloatingRow extends FixedIpRow {
  readonly floatingAddress: string | null;
}

/** An address may exist in overlapping networks: an allocated one first. */
export function findFixedIpByAddress(
  manager: EntityManager,
  address: IpAddress,
): Promise<FixedIp | undefined> {
  return findFixedIp(manager, 'f.address = ?', [address.toString()]);
}

export function findFixedIpById(manager: EntityManager, id: number): Promise<FixedIp | undefined> {
  return findFixedIp(manager, 'f.id = ?', [id]);
}

export function findFixedIpInSubnet(
  manager: EntityManager,
  subnetId: number,
  address: IpAddress,
): Promise<FixedIp | undefined> {
  return findFixedIp(manager, 'f.subnet_id = ? AND f.number = ?', [subnetId, address.value.toString()]);
}

async function findFixedIp(
  manager: EntityManager,
  condition: string,
  parameters: readonly unknown[],
): Promise<FixedIp | undefined> {
  const rows = await manager.query<FloatingRow[]>(
    `SELECT ${FIXED_IP_COLUMNS}, s.network_id AS networkId, fl.address AS floatingAddress
       FROM fixed_ips f
       JOIN subnets s ON s.id = f.subnet_id
       LEFT JOIN floating_ips fl ON fl.fixed_ip_id = f.id
      WHERE ${condition}
      ORDER BY f.allocated DESC, f.id, fl.id`,
    [...parameters],
  );
  const [first] = rows;
  if (!first) return undefined;
  const own = rows.filter(({ id }) => id === first.id);
  return fixedIpIn(
    first,
    own.flatMap(({ floatingAddress }) => floatingAddress ?? []),
  );
}

export async function findVifByMac(manager: EntityManager, mac: Mac): Promise<VirtualInterface | undefined> {
  const row = await manager.findOneBy(VirtualInterfaceEntity, { mac: mac.toString() });
  if (!row) return undefined;
  const { uuid, networkId, instanceUuid, createdAt } = row;
  return { id: Number(row.id), uuid, mac: Mac.parse(row.mac), networkId, instanceUuid, createdAt };
}

/** The address that the host has for itself in the subnet. */
export async function findHostAddress(
  manager: EntityManager,
  subnetId: number,
  host: HostName,
): Promise<IpAddress | undefined> {
  const [row] = await manager.query<{ address: string }[]>(
    'SELECT address FROM fixed_ips WHERE subnet_id = ? AND host = ?',
    [subnetId, host],
  );
  return row && parseIp(row.address);
}
