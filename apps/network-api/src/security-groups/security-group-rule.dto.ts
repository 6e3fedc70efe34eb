import { ApiExtraModels, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Nested } from '@novanet/contracts';
import { Allow } from 'class-validator';

const numberOrText = { oneOf: [{ type: 'integer' }, { type: 'string' }] };
const port = {
  ...numberOrText,
  nullable: true,
  description: 'With ICMP, from_port is the type and to_port the code; -1: any.',
};

/** Traffic from a block of addresses. What the values may be is the worker's to say, in an order of its own. */
export class CidrRuleDto {
  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    example: 'tcp',
    description: 'tcp, udp, icmp; any or -1 (not in nova): traffic of every kind, without ports.',
  })
  @Allow()
  readonly ip_protocol?: unknown;

  @ApiPropertyOptional({ ...port, example: 22 })
  @Allow()
  readonly from_port?: unknown;

  @ApiPropertyOptional({ ...port, example: 22 })
  @Allow()
  readonly to_port?: unknown;

  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    example: '10.0.0.0/8',
    description: 'Default: 0.0.0.0/0.',
  })
  @Allow()
  readonly cidr?: unknown;
}

/** A rule of a group. */
export class SecurityGroupRuleDto extends CidrRuleDto {
  @ApiProperty({ ...numberOrText, description: 'The group that gets the rule.' })
  @Allow()
  readonly parent_group_id?: unknown;

  @ApiPropertyOptional({
    ...numberOrText,
    nullable: true,
    description:
      'The group whose members are let in. It goes before cidr; without ports it is about all of them.',
  })
  @Allow()
  readonly group_id?: unknown;
}

/** `POST /v2.1/os-security-group-rules`. */
@ApiExtraModels(SecurityGroupRuleDto)
export class SecurityGroupRuleBody {
  @ApiProperty({ type: () => SecurityGroupRuleDto })
  @Nested(SecurityGroupRuleDto)
  readonly security_group_rule!: SecurityGroupRuleDto;
}

/** `POST /v2.1/os-security-group-default-rules`. */
@ApiExtraModels(CidrRuleDto)
export class DefaultGroupRuleBody {
  @ApiProperty({ type: () => CidrRuleDto })
  @Nested(CidrRuleDto)
  readonly security_group_default_rule!: CidrRuleDto;
}
