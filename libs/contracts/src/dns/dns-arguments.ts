import { IsOptional, IsString } from 'class-validator';

/** `delete_dns_domain`. */
export class DnsDomainArguments {
  @IsString() readonly domain!: string;
}

/** `create_private_dns_domain`; without a zone the domain is for all of them. */
export class CreatePrivateDnsDomainArguments extends DnsDomainArguments {
  @IsOptional() @IsString() readonly av_zone?: string | null;
}

/** `create_public_dns_domain`; without a project the domain is for all of them. */
export class CreatePublicDnsDomainArguments extends DnsDomainArguments {
  @IsOptional() @IsString() readonly project?: string | null;
}

/** `get_dns_entries_by_address`. */
export class DnsEntriesByAddressArguments extends DnsDomainArguments {
  @IsString() readonly address!: string;
}

/** `get_dns_entries_by_name` and `delete_dns_entry`. */
export class DnsNameArguments extends DnsDomainArguments {
  @IsString() readonly name!: string;
}

/** `modify_dns_entry`. */
export class ModifyDnsEntryArguments extends DnsNameArguments {
  @IsString() readonly address!: string;
}

/** `add_dns_entry`. */
export class AddDnsEntryArguments extends ModifyDnsEntryArguments {
  @IsString() readonly dns_type!: string;
}
