import type { FloatingIp } from '@novanet/ipam';

/** A floating IP as its project sees it. */
export interface FloatingIpView {
  readonly id: number;
  readonly ip: string;
  readonly pool: string;
  readonly fixed_ip: string | null;
  readonly instance_id: string | null;
}

export function floatingIpView({ id, address, pool, association }: FloatingIp): FloatingIpView {
  return {
    id,
    ip: address.toString(),
    pool,
    fixed_ip: association?.fixedAddress.toString() ?? null,
    instance_id: association?.instanceUuid ?? null,
  };
}

/** A floating IP as an administrator sees it among all. */
export interface FloatingIpInfo {
  readonly address: string;
  readonly pool: string;
  /** Null: the `public_interface` of whichever host. */
  readonly interface: string | null;
  readonly project_id: string | null;
  readonly instance_uuid: string | null;
  readonly fixed_ip: string | null;
}

export function floatingIpInfo(floatingIp: FloatingIp): FloatingIpInfo {
  const { address, pool, interface: device, projectId, association } = floatingIp;
  return {
    address: address.toString(),
    pool,
    interface: device,
    project_id: projectId,
    instance_uuid: association?.instanceUuid ?? null,
    fixed_ip: association?.fixedAddress.toString() ?? null,
  };
}
