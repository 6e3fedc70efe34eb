import type { FixedIpFilter, ListedFixedIp } from '@novanet/ipam';
import type { EntityManager } from 'typeorm';

type Condition = readonly [text: string, ...values: unknown[]];

const states = {
  allocated: 'f.allocated = 1',
  reserved: "f.role <> 'instance'",
  leased: 'f.leased = 1',
} as const;

/** By subnet, then by address. */
export async function listFixedIps(manager: EntityManager, filter: FixedIpFilter): Promise<ListedFixedIp[]> {
  const conditions = conditionsOf(filter);
  const rows = await manager.query<
    (Omit<ListedFixedIp, 'isAllocated' | 'isLeased'> & { isAllocated: number; isLeased: number })[]
  >(
    `SELECT f.address, n.uuid AS networkUuid, n.label, s.cidr, f.role, f.instance_uuid AS instanceUuid,
            i.hostname, i.host, f.allocated AS isAllocated, f.leased AS isLeased
       FROM fixed_ips f
       JOIN subnets s ON s.id = f.subnet_id
       JOIN networks n ON n.id = s.network_id
       LEFT JOIN instances i ON i.uuid = f.instance_uuid
      WHERE ${conditions.map(([text]) => text).join(' AND ') || 'TRUE'}
      ORDER BY f.subnet_id, f.number
      LIMIT ?`,
    [...conditions.flatMap(([, ...values]) => values), filter.limit],
  );
  return rows.map((row) => ({ ...row, isAllocated: row.isAllocated === 1, isLeased: row.isLeased === 1 }));
}

function conditionsOf({ network, host, instanceUuid, state, after }: FixedIpFilter): Condition[] {
  const conditions: Condition[] = [];
  if (network !== undefined) {
    const ofBlock = 'n.id IN (SELECT network_id FROM subnets WHERE cidr = ?)';
    conditions.push([`(n.uuid = ? OR n.label = ? OR ${ofBlock})`, network, network, network]);
  }
  if (host !== undefined) conditions.push(['i.host = ?', host]);
  if (instanceUuid !== undefined) conditions.push(['f.instance_uuid = ?', instanceUuid]);
  if (state !== undefined) conditions.push([states[state]]);
  if (after !== undefined) {
    const { subnetId, address } = after;
    const text = '(f.subnet_id > ? OR (f.subnet_id = ? AND f.number > ?))';
    conditions.push([text, subnetId, subnetId, address.value.toString()]);
  }
  return conditions;
}
