import {
  Allow,
  IsArray,
  IsBoolean,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
} from 'class-validator';

/**
 * `create_networks`. Values are as callers write them (numbers and booleans also as text): what they mean, and nova's
 * own exception for each wrong one, is the network managers' matter.
 */
export class CreateNetworksArguments {
  @Allow() readonly label?: unknown;
  @Allow() readonly cidr?: unknown;
  @Allow() readonly cidr_v6?: unknown;
  @Allow() readonly multi_host?: unknown;
  @Allow() readonly num_networks?: unknown;
  @Allow() readonly network_size?: unknown;
  @Allow() readonly gateway?: unknown;
  @Allow() readonly gateway_v6?: unknown;
  @Allow() readonly bridge?: unknown;
  @Allow() readonly bridge_interface?: unknown;
  @Allow() readonly dns1?: unknown;
  @Allow() readonly dns2?: unknown;
  @Allow() readonly fixed_cidr?: unknown;
  @Allow() readonly allowed_start?: unknown;
  @Allow() readonly allowed_end?: unknown;
  @Allow() readonly mtu?: unknown;
  @Allow() readonly dhcp_server?: unknown;
  @Allow() readonly enable_dhcp?: unknown;
  @Allow() readonly share_address?: unknown;
  @Allow() readonly project_id?: unknown;
  @Allow() readonly uuid?: unknown;
  @Allow() readonly priority?: unknown;
  @Allow() readonly vlan?: unknown;
  @Allow() readonly vlan_start?: unknown;
  @Allow() readonly vpn_start?: unknown;
  /** The ranges are taken whole. */
  @Allow() readonly ipam?: unknown;
}

/** `delete_network`: the uuid decides; without one, the range. */
export class DeleteNetworkArguments {
  @IsOptional() @IsString() readonly uuid?: string | null;
  @IsOptional() @IsString() readonly fixed_range?: string | null;
  @IsOptional() @IsBoolean() readonly require_disassociated?: boolean | null;
}

/** `get_network`. */
export class GetNetworkArguments {
  @IsString() @IsNotEmpty() readonly network_uuid!: string;
}

/** `set_network_host` and `get_dhcp_leases`: a Network object (1.15) or its plain row (1.0); only the id is read. */
export class NetworkRefArguments {
  @IsObject() readonly network_ref!: { readonly id?: unknown };
}

/** `rpc_setup_network_on_host`. */
export class SetupNetworkOnHostArguments {
  @IsInt() readonly network_id!: number;
  @IsOptional() @IsBoolean() readonly teardown?: boolean | null;
}

/** `setup_networks_on_host`: the instance by its uuid, or by its number with the instance (1.16) beside it. */
export class SetupNetworksOnHostArguments {
  @Allow() readonly instance_id?: unknown;
  @IsOptional() @IsObject() readonly instance?: {
    readonly id?: unknown;
    readonly uuid?: unknown;
    readonly host?: unknown;
  } | null;
  @IsOptional() @IsString() readonly host?: string | null;
  @IsOptional() @IsBoolean() readonly teardown?: boolean | null;
}

/** `add_network_to_project`: this network, or any that is free. */
export class AddNetworkToProjectArguments {
  @IsString() @IsNotEmpty() @MaxLength(255) readonly project_id!: string;
  @IsOptional() @IsString() readonly network_uuid?: string | null;
}

/** `associate`: absent keys of `associations` stay as they are, null takes away. */
export class AssociateArguments {
  @IsString() @IsNotEmpty() readonly network_uuid!: string;
  @IsObject() readonly associations!: { readonly host?: unknown; readonly project?: unknown };
}

/** `modify_network`: what is absent stays, null takes away. Values are as in {@link CreateNetworksArguments}. */
export class ModifyNetworkArguments {
  @IsString() @IsNotEmpty() readonly network_uuid!: string;
  @IsOptional() @IsString() readonly host?: string | null;
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(255) readonly project_id?: string | null;
  @Allow() readonly label?: unknown;
  @Allow() readonly gateway?: unknown;
  @Allow() readonly gateway_v6?: unknown;
  @Allow() readonly dhcp_server?: unknown;
  @Allow() readonly dhcp_start?: unknown;
  @Allow() readonly dns1?: unknown;
  @Allow() readonly dns2?: unknown;
  @Allow() readonly bridge?: unknown;
  @Allow() readonly bridge_interface?: unknown;
  @Allow() readonly vlan?: unknown;
  @Allow() readonly mtu?: unknown;
  @Allow() readonly priority?: unknown;
  @Allow() readonly vpn_public_address?: unknown;
  @Allow() readonly vpn_public_port?: unknown;
}

/** `convert_network`. */
export class ConvertNetworkArguments {
  @IsString() @IsNotEmpty() readonly network_uuid!: string;
  @IsBoolean() readonly multi_host!: boolean;
  /** Who serves it then, when it is one host; the worker that answers unless told. */
  @IsOptional() @IsString() readonly host?: string | null;
}

/** `remove_host`. */
export class RemoveHostArguments {
  @IsString() @IsNotEmpty() readonly host!: string;
  /** Who takes over the networks that the host served alone; the worker that answers unless told. */
  @IsOptional() @IsString() readonly heir?: string | null;
}

/** `drain_host`: its heir is whoever would be given a new network, unless told. */
export class DrainHostArguments extends RemoveHostArguments {}

/** `update_dns`: networks by number, number as text, or uuid. */
export class UpdateDnsArguments {
  @IsArray() readonly network_ids!: readonly unknown[];
}

/** `ping` of the base API: answers what it was given. */
export class PingArguments {
  @Allow() readonly arg?: unknown;
}

/** `requested_networks` and the like: absent, or a list of anything. */
export class RequestedNetworksArguments {
  @IsOptional() @IsArray() readonly requested_networks?: readonly unknown[] | null;
}
