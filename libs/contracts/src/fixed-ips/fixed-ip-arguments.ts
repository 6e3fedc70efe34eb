import { Allow, IsInt, IsNotEmpty, IsNumber, IsObject, IsOptional, IsString } from 'class-validator';
import { IsRowNumber } from '../wire/is-row-number.js';

/** `get_fixed_ip_by_address`. */
export class FixedIpAddressArguments {
  @IsString() @IsNotEmpty() readonly address!: string;
}

/**
 * `lease_fixed_ip` and `release_fixed_ip`. nova sends `mac` only with a release; ours names it always, so that a late
 * event of the address's previous owner changes nothing, and says when the lease ends (seconds since 1970).
 */
export class LeaseEventArguments {
  @IsString() @IsNotEmpty() readonly address!: string;
  @IsOptional() @IsString() readonly mac?: string | null;
  @IsOptional() @IsNumber() readonly expires_at?: number | null;
}

/** `get_fixed_ip`. */
export class FixedIpIdArguments {
  @IsRowNumber() readonly id!: number;
}

/** `release_dhcp`: what dnsmasq behind this device gave to this MAC. */
export class ReleaseDhcpArguments {
  @IsString() @IsNotEmpty() readonly dev!: string;
  @IsString() @IsNotEmpty() readonly address!: string;
  @IsString() @IsNotEmpty() readonly vif_address!: string;
}

/** `get_vifs_by_instance`. */
export class VifsByInstanceArguments {
  @Allow() readonly instance_id?: unknown;
}

/** `get_vif_by_mac_address`. */
export class VifByMacArguments {
  @IsString() @IsNotEmpty() readonly mac_address!: string;
}

/** `get_instance_uuids_by_ip_filter`: `fixed_ip` is exact, `ip` and `ip6` are patterns of an address's beginning. */
export class IpFilterArguments {
  @IsObject() readonly filters!: {
    readonly fixed_ip?: unknown;
    readonly ip?: unknown;
    readonly ip6?: unknown;
  };
}

/** `_rpc_allocate_fixed_ip`. */
export class RpcAllocateFixedIpArguments {
  @Allow() readonly instance_id?: unknown;
  @IsInt() readonly network_id!: number;
  @IsOptional() @IsString() readonly address?: string | null;
  @Allow() readonly vpn?: unknown;
}
