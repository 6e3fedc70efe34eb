import type { FloatingIp, FloatingIpFilter, FloatingIpPool } from '@novanet/ipam';
import type { EntityManager } from 'typeorm';
import { FLOATING_IP_ROWS, floatingIpIn, type FloatingIpRow } from './floating-ip-rows.js';

/** By address. */
export async function findFloatingIps(
  manager: EntityManager,
  filter: FloatingIpFilter,
): Promise<FloatingIp[]> {
  const conditions = conditionsOf(filter);
  // IN () is no SQL
  if (conditions.some(([, value]) => Array.isArray(value) && value.length === 0)) return [];
  const where = conditions.map(([condition]) => condition).join(' AND ') || 'TRUE';
  const rows = await manager.query<FloatingIpRow[]>(
    `${FLOATING_IP_ROWS} WHERE ${where} ORDER BY f.number`,
    conditions.map(([, value]) => value),
  );
  return rows.map(floatingIpIn);
}

function conditionsOf(filter: FloatingIpFilter): (readonly [condition: string, value: unknown])[] {
  const { ids, addresses, pool, projectId, isAllocated, isAutoAssigned } = filter;
  const { host, fixedAddress, fixedIpIds, instanceUuid } = filter;
  const conditions = [
    ['f.id IN (?)', ids],
    ['f.address IN (?)', addresses?.map(String)],
    ['p.name = ?', pool],
    ['f.project_id = ?', projectId],
    ['(f.project_id IS NOT NULL) = ?', isAllocated],
    ['f.auto_assigned = ?', isAutoAssigned],
    // what stands for nothing is carried by nobody, whatever the column says
    ['x.id IS NOT NULL AND f.host = ?', host],
    ['x.address = ?', fixedAddress?.toString()],
    ['x.id IN (?)', fixedIpIds],
    ['x.instance_uuid = ?', instanceUuid],
  ] as const;
  return conditions.filter(([, value]) => value !== undefined);
}

/** By name. COUNT, because SUM is a decimal number. */
export function findPools(manager: EntityManager): Promise<FloatingIpPool[]> {
  return manager.query<FloatingIpPool[]>(
    `SELECT p.name, COUNT(f.id) AS total, COUNT(f.id) - COUNT(f.project_id) AS free,
            COUNT(f.project_id) AS allocated, COUNT(x.id) AS associated
       FROM floating_ip_pools p
       LEFT JOIN floating_ips f ON f.pool_id = p.id
       LEFT JOIN fixed_ips x ON x.id = f.fixed_ip_id AND x.allocated = 1
      GROUP BY p.id, p.name
      ORDER BY p.name`,
  );
}
