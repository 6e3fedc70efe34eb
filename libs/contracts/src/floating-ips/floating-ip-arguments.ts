import { Allow, IsBoolean, IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { IsRowNumber } from '../wire/is-row-number.js';

/** `get_floating_ip`. */
export class FloatingIpIdArguments {
  @IsRowNumber() readonly id!: number;
}

/** `get_floating_ip_by_address` and `get_instance_id_by_floating_address`. */
export class FloatingIpAddressArguments {
  @IsString() @IsNotEmpty() readonly address!: string;
}

/** `get_floating_ips_by_fixed_address`. */
export class FixedAddressArguments {
  @IsString() @IsNotEmpty() readonly fixed_address!: string;
}

/** `allocate_floating_ip`: for the caller's project and from the default pool unless told. */
export class AllocateFloatingIpArguments {
  @IsOptional() @IsString() @MaxLength(255) readonly project_id?: string | null;
  @IsOptional() @IsBoolean() readonly auto_assigned?: boolean | null;
  @IsOptional() @IsString() readonly pool?: string | null;
}

/** `deallocate_floating_ip` and `disassociate_floating_ip`. */
export class AffectFloatingIpArguments extends FloatingIpAddressArguments {
  /** Whether one that came with its instance may be meant. */
  @IsOptional() @IsBoolean() readonly affect_auto_assigned?: boolean | null;
}

/** `associate_floating_ip`. */
export class AssociateFloatingIpArguments {
  @IsString() @IsNotEmpty() readonly floating_address!: string;
  @IsString() @IsNotEmpty() readonly fixed_address!: string;
  @IsOptional() @IsBoolean() readonly affect_auto_assigned?: boolean | null;
}

/** `_associate_floating_ip`. `interface` is not read: the floating IP has it. */
export class CarryFloatingIpArguments {
  @IsString() @IsNotEmpty() readonly floating_address!: string;
  @IsString() @IsNotEmpty() readonly fixed_address!: string;
  /** Since 1.6. */
  @IsOptional() @IsString() readonly instance_uuid?: string | null;
  /** The database says so already, only the host's part is asked for: from worker to worker. */
  @IsOptional() @IsBoolean() readonly recorded?: boolean | null;
}

/** `_disassociate_floating_ip`. `interface` is not read: the floating IP has it. */
export class DropFloatingIpArguments extends FloatingIpAddressArguments {
  /** Since 1.6. */
  @IsOptional() @IsString() readonly instance_uuid?: string | null;
  /** As with {@link CarryFloatingIpArguments}. */
  @IsOptional() @IsBoolean() readonly recorded?: boolean | null;
}

/** `migrate_instance_start` and `migrate_instance_finish`. */
export class MigrateInstanceArguments {
  @IsString() @IsNotEmpty() readonly instance_uuid!: string;
  /** The caller's view of what the database knows better: nova leaves it out when the first network has one host. */
  @Allow() readonly floating_addresses?: unknown;
  @IsOptional() @IsString() readonly source?: string | null;
  @IsOptional() @IsString() readonly dest?: string | null;
  /** Where to, before 1.2. */
  @IsOptional() @IsString() readonly host?: string | null;
}

/** `create_floating_pool` and `delete_floating_pool` of the namespace `novanet`. */
export class FloatingPoolArguments {
  @IsString() @IsNotEmpty() @MaxLength(255) readonly name!: string;
}

/** `grow_floating_pool` of the namespace `novanet`. */
export class GrowFloatingPoolArguments {
  /** The default pool unless told. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(255) readonly pool?: string | null;
  /** A block, a range, an address, or a comma-separated list of these. */
  @IsString() @IsNotEmpty() readonly range!: string;
  /** Where hosts configure the addresses: their `public_interface` unless told. */
  @IsOptional() @IsString() readonly interface?: string | null;
}

/** `shrink_floating_pool` of the namespace `novanet`. */
export class ShrinkFloatingPoolArguments {
  /** All of them are in this one; whichever each is in unless told. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(255) readonly pool?: string | null;
  @IsString() @IsNotEmpty() readonly range!: string;
  /** Whether those that somebody holds are taken away from him. */
  @IsOptional() @IsBoolean() readonly force?: boolean | null;
}

/** `list_floating_ips` of the namespace `novanet`: those that fit all that is given. */
export class ListFloatingIpsArguments {
  @IsOptional() @IsString() readonly pool?: string | null;
  @IsOptional() @IsString() readonly project_id?: string | null;
  @IsOptional() @IsString() readonly host?: string | null;
}
