import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
} from 'class-validator';
import { IsRowNumber } from '../wire/is-row-number.js';
import { IsTextOrNumber } from '../wire/is-text-or-number.js';
import { NestedList } from '../wire/shaped.js';

// All of them of the namespace `novanet`.

const MOST_RULES_AT_ONCE = 1000;

/** `list_security_groups`: those that fit all that is given. */
export class ListSecurityGroupsArguments {
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(255) readonly project_id?: string | null;
  @IsOptional() @IsUUID() readonly instance_uuid?: string | null;
}

/** `create_security_group`: for the caller's project unless told. */
export class CreateSecurityGroupArguments {
  @IsString() readonly name!: string;
  @IsOptional() @IsString() readonly description?: string | null;
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(255) readonly project_id?: string | null;
}

/** `delete_security_group`. */
export class SecurityGroupIdArguments {
  @IsRowNumber() readonly group_id!: number;
}

/** `rename_security_group`. */
export class RenameSecurityGroupArguments extends SecurityGroupIdArguments {
  @IsString() readonly name!: string;
  @IsOptional() @IsString() readonly description?: string | null;
}

/** `add_security_group_member` and `remove_security_group_member`. */
export class SecurityGroupMemberArguments extends SecurityGroupIdArguments {
  @IsUUID() readonly instance_uuid!: string;
}

/** `add_provider_firewall_rule` and `add_default_group_rule`: traffic from a block of addresses. */
export class CidrRuleArguments {
  /** tcp, udp, icmp or any, in any case. */
  @IsOptional() @IsString() readonly ip_protocol?: string | null;
  /** With ICMP the type; -1: any. */
  @IsOptional() @IsTextOrNumber() readonly from_port?: number | string | null;
  /** With ICMP the code; -1: any. */
  @IsOptional() @IsTextOrNumber() readonly to_port?: number | string | null;
  /** Every IPv4 address unless told. */
  @IsOptional() @IsString() readonly cidr?: string | null;
}

/** A rule of a group. */
export class SecurityGroupRuleDto extends CidrRuleArguments {
  /** Whose members it lets in; goes before `cidr`. */
  @IsOptional() @IsRowNumber() readonly group_id?: number | null;
}

/** `add_security_group_rules`. */
export class AddSecurityGroupRulesArguments extends SecurityGroupIdArguments {
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST_RULES_AT_ONCE)
  @NestedList(SecurityGroupRuleDto)
  readonly rules!: readonly SecurityGroupRuleDto[];
}

/** `remove_security_group_rule`, `remove_provider_firewall_rule` and `remove_default_group_rule`. */
export class RuleIdArguments {
  @IsRowNumber() readonly rule_id!: number;
}
