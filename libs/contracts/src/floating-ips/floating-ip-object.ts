import type { FloatingIp } from '@novanet/ipam';
import { objectDateTime, plainDateTime } from '../wire/date-time.js';
import { versionedObject, type VersionedObject } from '../wire/versioned-object.js';

/** A floating IP as `get_floating_ip` answers it: nova's row, key for key. */
export interface FloatingIpDict {
  readonly id: number;
  readonly address: string;
  readonly fixed_ip_id: number | null;
  readonly project_id: string | null;
  readonly host: string | null;
  readonly auto_assigned: boolean;
  readonly pool: string;
  readonly interface: string | null;
  readonly created_at: string | null;
  readonly updated_at: string | null;
  readonly deleted_at: string | null;
  readonly deleted: boolean;
}

export function floatingIpDict(floatingIp: FloatingIp): FloatingIpDict {
  return dictWith(floatingIp, plainDateTime);
}

/** With what it stands for: as `list_floating_ips` answers it. */
export function associatedFloatingIpDict(floatingIp: FloatingIp) {
  const { association } = floatingIp;
  return {
    ...floatingIpDict(floatingIp),
    fixed_address: association ? association.fixedAddress.toString() : null,
    instance_uuid: association ? association.instanceUuid : null,
  };
}

/** A floating IP as `get_floating_ip_by_address` answers it. */
export function floatingIpObject(floatingIp: FloatingIp): VersionedObject<FloatingIpDict> {
  return versionedObject('FloatingIP', '1.10', dictWith(floatingIp, objectDateTime));
}

/** Floating IPs as `get_floating_ips_by_project` answers them. */
export function floatingIpListObject(floatingIps: readonly FloatingIp[]) {
  // the oldest release's version: newer clients take it too
  return versionedObject('FloatingIPList', '1.11', { objects: floatingIps.map(floatingIpObject) });
}

function dictWith(floatingIp: FloatingIp, dateTime: (date: Date | null) => string | null): FloatingIpDict {
  return {
    id: floatingIp.id,
    address: floatingIp.address.toString(),
    fixed_ip_id: floatingIp.association?.fixedIpId ?? null,
    project_id: floatingIp.projectId,
    host: floatingIp.host,
    auto_assigned: floatingIp.isAutoAssigned,
    pool: floatingIp.pool,
    interface: floatingIp.interface,
    created_at: dateTime(floatingIp.createdAt),
    updated_at: dateTime(floatingIp.updatedAt),
    deleted_at: null,
    deleted: false,
  };
}
