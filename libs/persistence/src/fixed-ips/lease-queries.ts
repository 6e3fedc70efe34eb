import type { LeaseEvent } from '@novanet/ipam';
import type { EntityManager } from 'typeorm';
import type { WriteResult } from '../database/write-result.js';

/**
 * Of a multi-host network a lease counts where the instance runs or is expected: what comes late from a host that it has
 * left would hide where its lease is now, and so who has to give it up. One table is written and the others are asked
 * for: of tables that are joined each row would be locked, and a deallocation locks them in another order.
 */
export async function recordLease(
  manager: EntityManager,
  { address, mac, host, expiresAt }: LeaseEvent,
): Promise<boolean> {
  const by = host ?? null;
  const result = await manager.query<WriteResult>(
    `UPDATE fixed_ips
        SET leased = 1, lease_host = ?, lease_expires_at = ?,
            lease_mac = (SELECT v.mac FROM virtual_interfaces v WHERE v.id = fixed_ips.vif_id)
      WHERE address = ? AND allocated = 1 AND EXISTS (
        SELECT 1 FROM virtual_interfaces v
          JOIN networks n ON n.id = v.network_id
          JOIN instances i ON i.uuid = v.instance_uuid
         WHERE v.id = fixed_ips.vif_id AND v.mac = COALESCE(?, v.mac)
           AND (n.multi_host = 0 OR i.host IS NULL OR i.host = COALESCE(?, i.host)
                OR EXISTS (SELECT 1 FROM expected_instances e WHERE e.instance_uuid = i.uuid AND e.host = ?)))`,
    [by, expiresAt ?? null, address.toString(), mac?.toString() ?? null, by, by],
  );
  return result.affectedRows > 0;
}
