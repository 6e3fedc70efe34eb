import type { VirtualInterface } from '@novanet/ipam';
import { objectDateTime } from '../wire/date-time.js';
import { versionedObject, type VersionedObject } from '../wire/versioned-object.js';

/** nova's row of a virtual interface. */
export interface VirtualInterfaceDict {
  readonly id: number;
  readonly address: string;
  readonly network_id: number;
  readonly instance_uuid: string;
  readonly uuid: string;
}

/** A NIC as `get_vif_by_mac_address` answers it. */
export function virtualInterfaceObject(vif: VirtualInterface): VersionedObject<
  VirtualInterfaceDict & {
    readonly created_at: string | null;
    readonly updated_at: null;
    readonly deleted_at: null;
    readonly deleted: false;
  }
> {
  return versionedObject('VirtualInterface', '1.0', {
    created_at: objectDateTime(vif.createdAt),
    updated_at: null,
    deleted_at: null,
    deleted: false,
    ...virtualInterfaceDict(vif),
  });
}

export function virtualInterfaceDict(vif: VirtualInterface): VirtualInterfaceDict {
  return {
    id: vif.id,
    address: vif.mac.toString(),
    network_id: vif.networkId,
    instance_uuid: vif.instanceUuid,
    uuid: vif.uuid,
  };
}
