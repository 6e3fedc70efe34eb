import { IsNotEmpty, IsNumber, IsOptional, IsString } from 'class-validator';

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
