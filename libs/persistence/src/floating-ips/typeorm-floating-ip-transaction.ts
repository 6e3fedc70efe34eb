import type {
  FloatingIp,
  FloatingIpFilter,
  FloatingIpState,
  FloatingIpTransaction,
  RememberedRequest,
} from '@novanet/ipam';
import type { DeviceName, Ipv4 } from '@novanet/net-address';
import type { EntityManager } from 'typeorm';
import { driverErrorOf, duplicateKeyOf, isMissingParent } from '../database/driver-error.js';
import type { WriteResult } from '../database/write-result.js';
import { addressColumns } from '../fixed-ips/fixed-ip-rows.js';
import { findFloatingIps } from './floating-ip-queries.js';
import { countFloatingIpsLocked, floatingIpLimitOf } from './floating-ip-quota.js';
import { replyOf, requestIn } from './floating-ip-rows.js';
import { takeFloatingIp } from './take-floating-ip.js';

export class TypeormFloatingIpTransaction implements FloatingIpTransaction {
  constructor(private readonly manager: EntityManager) {}

  /** The empty row is what a repetition waits at; it is visible to others only together with what we remember in it. */
  async begin(requestId: string): Promise<RememberedRequest | undefined> {
    try {
      await this.run("INSERT INTO processed_requests (unique_id, reply) VALUES (?, '')", [requestId]);
      return undefined;
    } catch (error) {
      if (duplicateKeyOf(error) !== 'PRIMARY') throw error;
    }
    const [row] = await this.manager.query<{ reply: string }[]>(
      'SELECT reply FROM processed_requests WHERE unique_id = ?',
      [requestId],
    );
    return row?.reply ? requestIn(row.reply) : undefined;
  }

  async remember(requestId: string, done: RememberedRequest): Promise<void> {
    const parameters = [replyOf(done), requestId];
    await this.run('UPDATE processed_requests SET reply = ? WHERE unique_id = ?', parameters);
  }

  async forget(requestId: string): Promise<void> {
    await this.run('DELETE FROM processed_requests WHERE unique_id = ?', [requestId]);
  }

  async insertPool(name: string): Promise<boolean> {
    try {
      await this.run('INSERT INTO floating_ip_pools (name) VALUES (?)', [name]);
      return true;
    } catch (error) {
      if (duplicateKeyOf(error) === 'uniq_floating_ip_pools_name') return false;
      throw error;
    }
  }

  async ensurePool(name: string): Promise<number> {
    const result = await this.run(
      'INSERT INTO floating_ip_pools (name) VALUES (?) ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id)',
      [name],
    );
    return result.insertId;
  }

  async deletePool(name: string): Promise<'deleted' | 'missing' | 'in-use'> {
    try {
      const result = await this.run('DELETE FROM floating_ip_pools WHERE name = ?', [name]);
      return result.affectedRows === 1 ? 'deleted' : 'missing';
    } catch (error) {
      if (driverErrorOf(error)?.code === 'ER_ROW_IS_REFERENCED_2') return 'in-use';
      throw error;
    }
  }

  async insert(
    poolId: number,
    addresses: readonly Ipv4[],
    networkInterface: DeviceName | null,
  ): Promise<Ipv4 | undefined> {
    const rows = addresses.map((address) => {
      const columns = addressColumns(address);
      return [poolId, columns.address, columns.number, networkInterface];
    });
    try {
      await this.run('INSERT INTO floating_ips (pool_id, address, number, interface) VALUES ?', [rows]);
      return undefined;
    } catch (error) {
      if (duplicateKeyOf(error) !== 'uniq_floating_ips_address') throw error;
      const [existing] = await this.find({ addresses });
      if (!existing) throw error;
      return existing.address;
    }
  }

  async delete(floatingIpIds: readonly number[]): Promise<void> {
    await this.runOnAll('DELETE FROM floating_ips WHERE id IN (?)', floatingIpIds);
  }

  limitOf(projectId: string): Promise<number | undefined> {
    return floatingIpLimitOf(this.manager, projectId);
  }

  countLocked(projectId: string): Promise<number> {
    return countFloatingIpsLocked(this.manager, projectId);
  }

  async poolId(name: string): Promise<number | undefined> {
    const [row] = await this.manager.query<{ id: number }[]>(
      'SELECT id FROM floating_ip_pools WHERE name = ?',
      [name],
    );
    return row?.id;
  }

  async take(poolId: number, restSeconds: number): Promise<FloatingIp | undefined> {
    const id = await takeFloatingIp(this.manager, poolId, restSeconds);
    return id === undefined ? undefined : this.findById(id);
  }

  find(filter: FloatingIpFilter): Promise<FloatingIp[]> {
    return findFloatingIps(this.manager, filter);
  }

  async lock(
    keys: { readonly ids: readonly number[] } | { readonly addresses: readonly Ipv4[] },
  ): Promise<FloatingIp[]> {
    const [column, values] =
      'ids' in keys ? ['id', keys.ids] : ['address', keys.addresses.map((address) => address.toString())];
    // locked alone: FOR UPDATE on the join would stop every allocation in the network of the fixed IP
    const rows = await this.manager.query<{ id: number }[]>(
      `SELECT id FROM floating_ips WHERE ${column} IN (?) ORDER BY id FOR UPDATE`,
      [values],
    );
    return this.find({ ids: rows.map(({ id }) => id) });
  }

  async lockFixedIp(fixedIpId: number, instanceUuid: string): Promise<boolean> {
    const rows = await this.manager.query<{ id: number }[]>(
      'SELECT id FROM fixed_ips WHERE id = ? AND instance_uuid = ? AND allocated = 1 FOR UPDATE',
      [fixedIpId, instanceUuid],
    );
    return rows.length > 0;
  }

  async write(floatingIpId: number, state: FloatingIpState): Promise<FloatingIp | undefined> {
    const { projectId, isAutoAssigned, fixedIpId, host } = state;
    try {
      // the foreign key keeps the fixed IP from going until our end
      await this.run(
        `UPDATE floating_ips
            SET project_id = ?, auto_assigned = ?, fixed_ip_id = ?, host = ?, updated_at = CURRENT_TIMESTAMP(6)
          WHERE id = ?`,
        [projectId, isAutoAssigned, fixedIpId, host, floatingIpId],
      );
    } catch (error) {
      if (isMissingParent(error)) return undefined;
      throw error;
    }
    return this.findById(floatingIpId);
  }

  async release(floatingIpIds: readonly number[]): Promise<void> {
    await this.runOnAll(
      `UPDATE floating_ips
          SET project_id = NULL, auto_assigned = 0, fixed_ip_id = NULL, host = NULL,
              released_at = CURRENT_TIMESTAMP(6), updated_at = CURRENT_TIMESTAMP(6)
        WHERE id IN (?)`,
      floatingIpIds,
    );
  }

  async revert({ id, projectId, isAutoAssigned, association, host, revision }: FloatingIp): Promise<void> {
    await this.run(
      `UPDATE floating_ips
          SET project_id = ?, auto_assigned = ?, fixed_ip_id = (SELECT x.id FROM fixed_ips x WHERE x.id = ?),
              host = ?, updated_at = ?
        WHERE id = ?`,
      [projectId, isAutoAssigned, association?.fixedIpId ?? null, host, revision, id],
    );
  }

  private async findById(id: number): Promise<FloatingIp | undefined> {
    const [floatingIp] = await this.find({ ids: [id] });
    return floatingIp;
  }

  private run(sql: string, parameters: readonly unknown[]): Promise<WriteResult> {
    return this.manager.query<WriteResult>(sql, [...parameters]);
  }

  private async runOnAll(sql: string, ids: readonly number[]): Promise<void> {
    if (ids.length > 0) await this.run(sql, [ids]);
  }
}
