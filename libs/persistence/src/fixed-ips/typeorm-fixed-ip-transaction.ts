import {
  defaultHostname,
  NetworkNotFound,
  type EnrolledInstance,
  type FixedIp,
  type FixedIpTransaction,
  type HeldLeaseRow,
  type Holding,
  type InstanceIdentity,
  type NewFixedIp,
  type NewVif,
  type Nic,
} from '@novanet/ipam';
import { Mac, type IpAddress } from '@novanet/net-address';
import type { EntityManager } from 'typeorm';
import { duplicateKeyOf, isMissingParent } from '../database/driver-error.js';
import type { WriteResult } from '../database/write-result.js';
import { findDeletedHolders } from './deleted-holders.js';
import { detachFloatingIps } from './detach-floating-ips.js';
import { findFixedIpInSubnet } from './fixed-ip-queries.js';
import { findHoldings, findNics } from './nic-queries.js';
import { addressColumns, toLease, type LeaseColumns } from './fixed-ip-rows.js';
import {
  forgetRequest,
  recallAddresses,
  rememberAddresses,
  rememberDeallocation,
} from './request-queries.js';
import { countFixedIpsLocked, fixedIpLimitsOf } from './quota-queries.js';

/** The hot path: literal SQL, one statement a method wherever it can be. */
export class TypeormFixedIpTransaction implements FixedIpTransaction {
  constructor(private readonly manager: EntityManager) {}

  async enrolInstance(identity: InstanceIdentity): Promise<EnrolledInstance> {
    const { uuid, projectId, host } = identity;
    // LAST_INSERT_ID(0) makes a known instance answer 0 as its insert id. The number of rows would not tell: one that is
    // found and left as it is counts like a new one.
    const { insertId } = await this.write(
      `INSERT INTO instances (uuid, project_id, host, hostname, meta, security_groups)
       VALUES (?, ?, ?, ?, '{}', '[]')
       ON DUPLICATE KEY UPDATE id = id + LAST_INSERT_ID(0),
         project_id = COALESCE(VALUES(project_id), project_id), host = COALESCE(VALUES(host), host)`,
      [uuid, projectId, host, defaultHostname(uuid)],
    );
    if (insertId > 0) return { isNew: true, projectId };
    const [known] = await this.manager.query<{ project: string | null }[]>(
      'SELECT project_id AS project FROM instances WHERE uuid = ?',
      [uuid],
    );
    return { isNew: false, projectId: known?.project ?? null };
  }

  async isDeletedSince(instanceUuid: string, before: Date): Promise<boolean> {
    return (await findDeletedHolders(this.manager, before, instanceUuid)).length > 0;
  }

  async lockInstance(uuid: string): Promise<void> {
    await this.manager.query('SELECT id FROM instances WHERE uuid = ? FOR UPDATE', [uuid]);
  }

  rememberDeallocation(instanceUuid: string): Promise<void> {
    return rememberDeallocation(this.manager, instanceUuid);
  }

  holdingsOf(instanceUuid: string): Promise<Holding[]> {
    return findHoldings(this.manager, instanceUuid);
  }

  nicsOf(instanceUuid: string): Promise<Nic[]> {
    return findNics(this.manager, [instanceUuid]);
  }

  async fixedIpLimitOf(projectId: string): Promise<number | undefined> {
    return (await fixedIpLimitsOf(this.manager, [projectId])).get(projectId);
  }

  countFixedIpsLocked(projectId: string): Promise<number> {
    return countFixedIpsLocked(this.manager, projectId);
  }

  async insertVif({ uuid, mac, networkId, instanceUuid }: NewVif): Promise<number | undefined> {
    try {
      const result = await this.write(
        'INSERT INTO virtual_interfaces (uuid, mac, network_id, instance_uuid) VALUES (?, ?, ?, ?)',
        [uuid, mac.toString(), networkId, instanceUuid],
      );
      return result.insertId;
    } catch (error) {
      if (duplicateKeyOf(error) === 'uniq_virtual_interfaces_mac') return undefined;
      if (isMissingParent(error)) throw new NetworkNotFound(networkId);
      throw error;
    }
  }

  async insertFixedIp({ subnetId, address, vifId, instanceUuid }: NewFixedIp): Promise<boolean> {
    const columns = addressColumns(address);
    try {
      await this.write(
        `INSERT INTO fixed_ips (subnet_id, address, number, role, vif_id, instance_uuid, allocated)
         VALUES (?, ?, ?, 'instance', ?, ?, 1)`,
        [subnetId, columns.address, columns.number, vifId, instanceUuid],
      );
      return true;
    } catch (error) {
      if (duplicateKeyOf(error) === 'uniq_fixed_ips_subnet_id_number') return false;
      throw error;
    }
  }

  holderOf(subnetId: number, address: IpAddress): Promise<FixedIp | undefined> {
    return findFixedIpInSubnet(this.manager, subnetId, address);
  }

  async takeBack(fixedIpId: number, vifId: number): Promise<boolean> {
    const result = await this.write(
      'UPDATE fixed_ips SET allocated = 1, vif_id = ? WHERE id = ? AND allocated = 0',
      [vifId, fixedIpId],
    );
    return result.affectedRows === 1;
  }

  async takeVpnAddress({ subnetId, address, vifId, instanceUuid }: NewFixedIp): Promise<boolean> {
    const result = await this.write(
      `UPDATE fixed_ips SET allocated = 1, vif_id = ?, instance_uuid = ?
        WHERE subnet_id = ? AND number = ? AND role = 'vpn' AND instance_uuid IS NULL`,
      [vifId, instanceUuid, subnetId, address.value.toString()],
    );
    return result.affectedRows === 1;
  }

  async lockUnconfirmed(instanceUuid: string): Promise<number[]> {
    const rows = await this.manager.query<{ id: number }[]>(
      'SELECT id FROM virtual_interfaces WHERE instance_uuid = ? AND confirmed = 0 FOR UPDATE',
      [instanceUuid],
    );
    return rows.map(({ id }) => id);
  }

  async releaseNics(vifIds: readonly number[]): Promise<void> {
    if (vifIds.length === 0) return;
    const rows = await this.manager.query<{ id: number }[]>('SELECT id FROM fixed_ips WHERE vif_id IN (?)', [
      vifIds,
    ]);
    await this.releaseAddresses(rows.map(({ id }) => id));
    await this.write('DELETE FROM virtual_interfaces WHERE id IN (?)', [vifIds]);
  }

  async releaseAddresses(fixedIpIds: readonly number[]): Promise<void> {
    if (fixedIpIds.length === 0) return;
    await detachFloatingIps(this.manager, fixedIpIds);
    // First, so that all rows are locked: a lease that ended before the rest were deleted would leave one that is nobody's.
    await this.write(
      `UPDATE fixed_ips f JOIN virtual_interfaces v ON v.id = f.vif_id
          SET f.allocated = 0, f.vif_id = NULL,
              f.lease_mac = IF(f.leased = 1, COALESCE(f.lease_mac, v.mac), NULL),
              f.instance_uuid = IF(f.leased = 1, f.instance_uuid, NULL)
        WHERE f.id IN (?) AND f.allocated = 1`,
      [fixedIpIds],
    );
    await this.write(
      "DELETE FROM fixed_ips WHERE id IN (?) AND role = 'instance' AND allocated = 0 AND leased = 0",
      [fixedIpIds],
    );
  }

  async forgetInstance(instanceUuid: string): Promise<void> {
    await this.write(
      `DELETE FROM instances
        WHERE uuid = ? AND is_registered = 0 AND observed_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM virtual_interfaces v WHERE v.instance_uuid = instances.uuid)
          AND NOT EXISTS (SELECT 1 FROM fixed_ips f WHERE f.instance_uuid = instances.uuid)
          AND NOT EXISTS (SELECT 1 FROM security_group_members m WHERE m.instance_uuid = instances.uuid)`,
      [instanceUuid],
    );
  }

  recall(requestId: string): Promise<readonly IpAddress[] | undefined> {
    return recallAddresses(this.manager, requestId);
  }

  remember(requestId: string, addresses: readonly IpAddress[]): Promise<void> {
    return rememberAddresses(this.manager, requestId, addresses);
  }

  forget(requestId: string): Promise<void> {
    return forgetRequest(this.manager, requestId);
  }

  async lockLeases(address: IpAddress): Promise<HeldLeaseRow[]> {
    // locked alone: FOR UPDATE on the join below would stop every allocation in that network
    const locked = await this.manager.query<{ id: number }[]>(
      'SELECT id FROM fixed_ips WHERE address = ? AND leased = 1 FOR UPDATE',
      [address.toString()],
    );
    if (locked.length === 0) return [];
    const rows = await this.manager.query<LeaseRow[]>(
      `SELECT f.id, f.allocated, f.leased AS isLeased, f.lease_mac AS leaseMac, f.lease_host AS leaseHost,
              f.lease_expires_at AS leaseExpiresAt, v.mac AS vifMac, n.multi_host AS multiHost
         FROM fixed_ips f
         JOIN subnets s ON s.id = f.subnet_id
         JOIN networks n ON n.id = s.network_id
         LEFT JOIN virtual_interfaces v ON v.id = f.vif_id
        WHERE f.id IN (?)
        ORDER BY f.id`,
      [locked.map(({ id }) => id)],
    );
    return rows.flatMap(toHeldLease);
  }

  async clearLease(fixedIpId: number): Promise<void> {
    await this.write(
      `UPDATE fixed_ips SET leased = 0, lease_mac = NULL, lease_host = NULL, lease_expires_at = NULL WHERE id = ?`,
      [fixedIpId],
    );
  }

  async freeFixedIp(fixedIpId: number): Promise<void> {
    await this.clearLease(fixedIpId);
    await this.write("UPDATE fixed_ips SET instance_uuid = NULL WHERE id = ? AND role = 'vpn'", [fixedIpId]);
    await this.write("DELETE FROM fixed_ips WHERE id = ? AND role = 'instance'", [fixedIpId]);
  }

  private write(sql: string, parameters: readonly unknown[]): Promise<WriteResult> {
    return this.manager.query<WriteResult>(sql, [...parameters]);
  }
}

interface LeaseRow extends LeaseColumns {
  readonly id: number;
  readonly allocated: number;
  readonly vifMac: string | null;
  readonly multiHost: number;
}

function toHeldLease(row: LeaseRow): HeldLeaseRow[] {
  const lease = toLease(row);
  if (!lease) return [];
  const vifMac = row.vifMac === null ? null : Mac.parse(row.vifMac);
  return [
    { fixedIpId: row.id, isAllocated: row.allocated === 1, lease, vifMac, isMultiHost: row.multiHost === 1 },
  ];
}
