import type { AddressCounts, Subnet } from '@novanet/ipam';
import type { EntityManager } from 'typeorm';

export async function countAddresses(
  manager: EntityManager,
  { id, pool }: Pick<Subnet, 'id' | 'pool'>,
): Promise<AddressCounts> {
  const [row] = await manager.query<Record<keyof AddressCounts, string | number>[]>(
    `SELECT COUNT(IF(allocated = 1, 1, NULL)) AS allocated,
            COUNT(IF(leased = 1, 1, NULL)) AS leased,
            COUNT(IF(allocated = 0 AND leased = 1, 1, NULL)) AS draining,
            COUNT(IF(number BETWEEN ? AND ?, 1, NULL)) AS usedOfPool,
            (SELECT COUNT(*) FROM virtual_interfaces v JOIN subnets s ON s.network_id = v.network_id
              WHERE s.id = ?) AS nics
       FROM fixed_ips WHERE subnet_id = ?`,
    [pool?.first.value ?? 0, pool?.last.value ?? 0, id, id],
  );
  const { allocated = 0, leased = 0, draining = 0, usedOfPool = 0, nics = 0 } = row ?? {};
  return {
    allocated: Number(allocated),
    leased: Number(leased),
    draining: Number(draining),
    usedOfPool: Number(usedOfPool),
    nics: Number(nics),
  };
}
