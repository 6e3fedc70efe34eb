import type { FixedIp } from '@novanet/ipam';
import { objectDateTime } from '../wire/date-time.js';
import { versionedObject, type VersionedObject } from '../wire/versioned-object.js';

export interface FixedIpDict {
  readonly id: number;
  readonly address: string;
  readonly network_id: number;
  readonly virtual_interface_id: number | null;
  readonly instance_uuid: string | null;
  readonly allocated: boolean;
  readonly leased: boolean;
  readonly reserved: boolean;
  readonly host: string | null;
  readonly created_at: string | null;
  readonly updated_at: string | null;
  readonly deleted_at: string | null;
  readonly deleted: boolean;
}

/** A fixed IP as `get_fixed_ip_by_address` answers it. */
export function fixedIpObject(fixedIp: FixedIp): VersionedObject<FixedIpDict> {
  return versionedObject('FixedIP', '1.14', {
    id: fixedIp.id,
    address: fixedIp.address.toString(),
    network_id: fixedIp.networkId,
    virtual_interface_id: fixedIp.vifId,
    instance_uuid: fixedIp.instanceUuid,
    allocated: fixedIp.isAllocated,
    leased: fixedIp.lease !== null,
    // In nova the gateway, the DHCP server and the VPN's address are reserved; a host's own DHCP address is not.
    reserved: fixedIp.role !== 'instance' && fixedIp.host === null,
    host: fixedIp.host,
    created_at: objectDateTime(fixedIp.createdAt),
    updated_at: objectDateTime(fixedIp.updatedAt),
    deleted_at: null,
    deleted: false,
  });
}
