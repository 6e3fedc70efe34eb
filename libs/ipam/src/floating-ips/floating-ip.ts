import type { DeviceName, HostName, Ipv4 } from '@novanet/net-address';

/** A public address that a project may hold, and let stand for a fixed IP. */
export interface FloatingIp {
  readonly id: number;
  readonly address: Ipv4;
  readonly pool: string;
  /** Where its host configures it; null: on the host's `public_interface`. */
  readonly interface: DeviceName | null;
  /** Who holds it; null: it is free. */
  readonly projectId: string | null;
  /** Given with an instance (`auto_assign_floating_ip`), and taken away with it. */
  readonly isAutoAssigned: boolean;
  /** The worker whose kernel carries it; null too while its instance is on no host. */
  readonly host: HostName | null;
  readonly association: FloatingIpAssociation | null;
  /** Another one after every change; null: never changed. */
  readonly revision: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date | null;
}

/** The fixed IP of an instance that a floating IP stands for. */
export interface FloatingIpAssociation {
  readonly fixedIpId: number;
  readonly fixedAddress: Ipv4;
  readonly instanceUuid: string;
  readonly networkId: number;
}

/** What was done to a floating IP. */
export interface FloatingIpChange {
  readonly before: FloatingIp;
  readonly after: FloatingIp;
}

/** Floating IPs of one kind, with how many there are. */
export interface FloatingIpPool {
  readonly name: string;
  readonly total: number;
  /** Also those that rest. */
  readonly free: number;
  readonly allocated: number;
  /** Of the allocated ones. */
  readonly associated: number;
}

/** Which floating IPs: what is given must fit. */
export interface FloatingIpFilter {
  readonly ids?: readonly number[];
  readonly addresses?: readonly Ipv4[];
  readonly pool?: string;
  readonly projectId?: string;
  /** Whether some project holds them. */
  readonly isAllocated?: boolean;
  readonly isAutoAssigned?: boolean;
  /** The worker that carries them. */
  readonly host?: HostName;
  readonly fixedAddress?: Ipv4;
  readonly fixedIpIds?: readonly number[];
  readonly instanceUuid?: string;
}
