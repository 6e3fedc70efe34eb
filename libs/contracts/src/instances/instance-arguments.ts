import {
  Allow,
  IsArray,
  IsBase64,
  IsBoolean,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { RequestedNetworksArguments } from '../networks/network-arguments.js';
import { IsTextOrNumber } from '../wire/is-text-or-number.js';
import { IsTextRecord } from '../wire/is-text-record.js';
import { Nested } from '../wire/shaped.js';

/** `allocate_for_instance`: up to version 1.8 `instance_id` was a number and `instance_uuid` the uuid. */
export class AllocateForInstanceArguments extends RequestedNetworksArguments {
  @Allow() readonly instance_id?: unknown;
  @IsOptional() @IsString() readonly instance_uuid?: string | null;
  @IsOptional() @IsString() readonly project_id?: string | null;
  @IsOptional() @IsString() readonly host?: string | null;
  @IsOptional() @IsArray() @IsString({ each: true }) readonly macs?: readonly string[] | null;
  @IsOptional() @IsBoolean() readonly vpn?: boolean | null;
}

/** `deallocate_for_instance`: an Instance object since 1.11, before that its id and host. */
export class DeallocateForInstanceArguments {
  @IsOptional() @IsObject() readonly instance?: InstanceReference | null;
  @Allow() readonly instance_id?: unknown;
  @Allow() readonly host?: unknown;
}

/** What is read of an Instance object. */
export interface InstanceReference {
  readonly uuid?: unknown;
  readonly host?: unknown;
}

/** `add_fixed_ip_to_instance`: the network by its uuid, or by its number. */
export class AddFixedIpArguments {
  @Allow() readonly instance_id?: unknown;
  @IsOptional() @IsString() readonly instance_uuid?: string | null;
  @Allow() readonly host?: unknown;
  @IsTextOrNumber() readonly network_id!: string | number;
}

/** `remove_fixed_ip_from_instance`. */
export class RemoveFixedIpArguments {
  @Allow() readonly instance_id?: unknown;
  @IsOptional() @IsString() readonly instance_uuid?: string | null;
  @IsString() @IsNotEmpty() readonly address!: string;
}

/** `deallocate_fixed_ip`. */
export class DeallocateFixedIpArguments {
  @IsString() @IsNotEmpty() readonly address!: string;
  @IsOptional() @IsObject() readonly instance?: InstanceReference | null;
}

/** `validate_networks`: pairs of a network's uuid and an address or null. */
export class ValidateNetworksArguments {
  @IsOptional() @IsArray() readonly networks?: readonly unknown[] | null;
}

/** `get_instance_nw_info`. */
export class InstanceNwInfoArguments {
  @Allow() readonly instance_id?: unknown;
  @IsOptional() @IsString() readonly instance_uuid?: string | null;
}

/** What a compute service says of an instance: the body of `PUT /v1/instances/{uuid}` and of `put_instance`. */
export class InstanceRegistrationDto {
  /** The compute service's own number of it (`id` of nova's Instance object). */
  @IsOptional() @IsInt() @Min(1) @Max(Number.MAX_SAFE_INTEGER) readonly compute_id?: number | null;
  @IsOptional() @IsString() @MaxLength(255) readonly project_id?: string | null;
  @IsOptional() @IsString() @MaxLength(255) readonly user_id?: string | null;
  @IsOptional() @IsString() @Matches(/^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/) readonly host?: string | null;
  @IsOptional() @IsString() @MaxLength(255) readonly display_name?: string | null;
  @IsOptional() @IsString() @Matches(/^[A-Za-z0-9]([A-Za-z0-9.-]{0,253}[A-Za-z0-9])?$/) readonly hostname?:
    string | null;
  @IsOptional() @IsString() @MaxLength(255) readonly availability_zone?: string | null;
  @IsOptional() @IsInt() @Min(0) @Max(0x7fff_ffff) readonly launch_index?: number | null;
  @IsOptional() @IsString() @Matches(/^r-[a-z0-9]{8}$/) readonly reservation_id?: string | null;
  @IsOptional() @IsString() @MaxLength(255) readonly instance_type?: string | null;
  @IsOptional() @IsString() @MaxLength(255) readonly ami_id?: string | null;
  @IsOptional() @IsString() @MaxLength(255) readonly kernel_id?: string | null;
  @IsOptional() @IsString() @MaxLength(255) readonly ramdisk_id?: string | null;
  @IsOptional() @IsString() @MaxLength(255) readonly key_name?: string | null;
  @IsOptional() @IsString() @MaxLength(65_535) readonly public_key?: string | null;
  @IsOptional() @IsBase64() @MaxLength(87_384) readonly user_data?: string | null;
  @IsOptional() @IsTextRecord() readonly meta?: Readonly<Record<string, string>> | null;
  @IsOptional() @IsArray() @IsString({ each: true }) readonly security_groups?: readonly string[] | null;
}

/** A registration with the identity that stands in the path of the REST form. */
export class PutInstanceDto extends InstanceRegistrationDto {
  @IsUUID() readonly uuid!: string;
}

/** `put_instance` of the namespace `novanet`. */
export class PutInstanceArguments {
  @Nested(PutInstanceDto) readonly instance!: PutInstanceDto;
}

/** `delete_instance` of the namespace `novanet`. */
export class DeleteInstanceArguments {
  @IsUUID() readonly uuid!: string;
}

/** `clear_instance_password` of the namespace `novanet`. */
export class ClearInstancePasswordArguments {
  @IsUUID() readonly uuid!: string;
}
