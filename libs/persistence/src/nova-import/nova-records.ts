/** The rows of a nova database that an import reads, as nova keeps them. What an older nova has no column for is null. */
export interface NovaRecords {
  readonly networks: readonly NovaNetwork[];
  readonly instances: readonly NovaInstance[];
  readonly nics: readonly NovaNic[];
  readonly fixedIps: readonly NovaFixedIp[];
  readonly orphanedReservations: readonly OrphanedReservations[];
  readonly floatingIps: readonly NovaFloatingIp[];
  readonly groups: readonly NovaGroup[];
  readonly rules: readonly NovaRule[];
  readonly members: readonly NovaMember[];
  readonly defaultRules: readonly NovaTraffic[];
  readonly providerRules: readonly NovaTraffic[];
  readonly quotas: readonly NovaQuota[];
  readonly dnsDomains: readonly NovaDnsDomain[];
}

export interface NovaNetwork {
  readonly id: number;
  readonly uuid: string | null;
  readonly label: string | null;
  readonly injected: number | null;
  readonly cidr: string | null;
  readonly cidr_v6: string | null;
  readonly multi_host: number | null;
  readonly gateway: string | null;
  readonly gateway_v6: string | null;
  readonly dns1: string | null;
  readonly dns2: string | null;
  readonly bridge: string | null;
  readonly bridge_interface: string | null;
  readonly vlan: number | null;
  readonly vpn_public_address: string | null;
  readonly vpn_public_port: number | null;
  readonly vpn_private_address: string | null;
  readonly dhcp_start: string | null;
  readonly project_id: string | null;
  readonly priority: number | null;
  readonly host: string | null;
  readonly mtu: number | null;
  readonly dhcp_server: string | null;
  readonly enable_dhcp: number | null;
  readonly share_address: number | null;
  readonly created_at: Date | null;
  /** What its rows of `fixed_ips` say together: a network of 65,536 addresses has that many. */
  readonly addresses: NovaAddresses;
}

export interface NovaAddresses {
  /** From the lowest to the highest that is not reserved; null: there is none. */
  readonly span: { readonly first: string; readonly last: string } | null;
  /** Within the span: reserved, or without a row, so that nova gives them to nobody. */
  readonly withheld: readonly string[];
  /** The free one that was given back last. */
  readonly lastReleased: string | null;
}

export interface NovaInstance {
  readonly id: number;
  readonly uuid: string;
  /** The row's own id when it was deleted; older novas have 1. */
  readonly deleted: number;
  readonly project_id: string | null;
  readonly user_id: string | null;
  readonly host: string | null;
  readonly hostname: string | null;
  readonly display_name: string | null;
  readonly availability_zone: string | null;
  readonly launch_index: number | null;
  readonly reservation_id: string | null;
  readonly key_name: string | null;
  readonly key_data: string | null;
  readonly user_data: string | null;
  readonly created_at: Date | null;
  readonly instance_type: string | null;
  /** EC2's numbers of the images. */
  readonly image_number: number | null;
  readonly kernel_number: number | null;
  readonly ramdisk_number: number | null;
  /** The user's own key-value pairs. */
  readonly meta: Readonly<Record<string, string>>;
}

export interface NovaNic {
  readonly id: number;
  readonly deleted: number;
  readonly uuid: string | null;
  readonly address: string | null;
  readonly network_id: number | null;
  readonly instance_uuid: string | null;
  readonly created_at: Date | null;
}

/** A row that says more than that the address exists. */
export interface NovaFixedIp {
  readonly id: number;
  readonly address: string | null;
  readonly network_id: number | null;
  readonly virtual_interface_id: number | null;
  readonly instance_uuid: string | null;
  readonly allocated: number | null;
  readonly leased: number | null;
  readonly reserved: number | null;
  readonly host: string | null;
}

/** Reserved addresses whose network is gone. */
export interface OrphanedReservations {
  readonly id: number;
  readonly network_id: number | null;
  readonly count: number;
}

export interface NovaFloatingIp {
  readonly id: number;
  readonly address: string | null;
  readonly fixed_ip_id: number | null;
  readonly project_id: string | null;
  readonly host: string | null;
  readonly auto_assigned: number | null;
  readonly pool: string | null;
  readonly interface: string | null;
  readonly updated_at: Date | null;
}

export interface NovaGroup {
  readonly id: number;
  readonly project_id: string | null;
  readonly user_id: string | null;
  readonly name: string | null;
  readonly description: string | null;
}

export interface NovaTraffic {
  readonly id: number;
  readonly protocol: string | null;
  readonly from_port: number | null;
  readonly to_port: number | null;
  readonly cidr: string | null;
}

export interface NovaRule extends NovaTraffic {
  readonly parent_group_id: number | null;
  readonly group_id: number | null;
}

export interface NovaMember {
  readonly id: number;
  readonly security_group_id: number | null;
  readonly instance_uuid: string | null;
  /** Null: nova has no such instance. */
  readonly instance_deleted: number | null;
}

export interface NovaQuota {
  readonly id: number;
  readonly kind: NovaQuotaKind;
  /** The project, or the quota class. */
  readonly owner: string | null;
  readonly resource: string;
  readonly hard_limit: number | null;
}

/** The tables that keep limits. */
export type NovaQuotaKind = 'quotas' | 'project_user_quotas' | 'quota_classes';

export interface NovaDnsDomain {
  readonly domain: string;
  readonly scope: string | null;
  readonly availability_zone: string | null;
  readonly project_id: string | null;
}
