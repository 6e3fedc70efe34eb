import { ApiExtraModels, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Nested } from '@novanet/contracts';
import { IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import {
  IsIpText,
  IsIpv4CidrText,
  IsIpv4Text,
  IsIpv6CidrText,
  IsIpv6Text,
  IsNovaBoolean,
  IsPositiveInteger,
  IsProjectId,
} from './nova-types.js';

export const numberOrText = { oneOf: [{ type: 'integer', minimum: 1 }, { type: 'string' }] };
export const booleanOrText = { oneOf: [{ type: 'boolean' }, { type: 'string' }] };
const ipv4 = { type: 'string', format: 'ipv4' } as const;

/**
 * A network to create, as nova's clients send it. Whether the values fit together is decided by the worker that
 * carries it out.
 */
export class CreateNetworkDto {
  @ApiProperty({ type: 'string', maxLength: 255, example: 'private' })
  @IsString()
  @MaxLength(255)
  readonly label!: string;

  @ApiPropertyOptional({
    type: 'string',
    example: '10.0.0.0/24',
    description: 'This or cidr_v6 is required.',
  })
  @IsOptional()
  @IsIpv4CidrText()
  readonly cidr?: string | null;

  @ApiPropertyOptional({ type: 'string', example: 'fd00:1::/64' })
  @IsOptional()
  @IsIpv6CidrText()
  readonly cidr_v6?: string | null;

  @ApiPropertyOptional({
    ...booleanOrText,
    description: 'Each host is gateway and DHCP server of its own instances.',
  })
  @IsOptional()
  @IsNovaBoolean()
  readonly multi_host?: boolean | string | null;

  @ApiPropertyOptional({ ...ipv4, description: 'Default: the first usable address.' })
  @IsOptional()
  @IsIpv4Text()
  readonly gateway?: string | null;

  @ApiPropertyOptional({ type: 'string', format: 'ipv6' })
  @IsOptional()
  @IsIpv6Text()
  readonly gateway_v6?: string | null;

  @ApiPropertyOptional({ type: 'string', example: 'br100' })
  @IsOptional()
  @IsString()
  readonly bridge?: string | null;

  @ApiPropertyOptional({ type: 'string', example: 'eth1' })
  @IsOptional()
  @IsString()
  readonly bridge_interface?: string | null;

  @ApiPropertyOptional(ipv4)
  @IsOptional()
  @IsIpv4Text()
  readonly dns1?: string | null;

  @ApiPropertyOptional(ipv4)
  @IsOptional()
  @IsIpv4Text()
  readonly dns2?: string | null;

  @ApiPropertyOptional({ type: 'string', description: 'Only addresses inside are handed out.' })
  @IsOptional()
  @IsIpv4CidrText()
  readonly fixed_cidr?: string | null;

  @ApiPropertyOptional(ipv4)
  @IsOptional()
  @IsIpText()
  readonly allowed_start?: string | null;

  @ApiPropertyOptional(ipv4)
  @IsOptional()
  @IsIpText()
  readonly allowed_end?: string | null;

  @ApiPropertyOptional(booleanOrText)
  @IsOptional()
  @IsNovaBoolean()
  readonly enable_dhcp?: boolean | string | null;

  @ApiPropertyOptional({ ...ipv4, description: 'Default: the gateway.' })
  @IsOptional()
  @IsIpv4Text()
  readonly dhcp_server?: string | null;

  @ApiPropertyOptional(booleanOrText)
  @IsOptional()
  @IsNovaBoolean()
  readonly share_address?: boolean | string | null;

  @ApiPropertyOptional(numberOrText)
  @IsOptional()
  @IsPositiveInteger()
  readonly mtu?: number | string | null;

  @ApiPropertyOptional(numberOrText)
  @IsOptional()
  @IsPositiveInteger()
  readonly vlan?: number | string | null;

  @ApiPropertyOptional(numberOrText)
  @IsOptional()
  @IsPositiveInteger()
  readonly vlan_start?: number | string | null;

  // nova's schema wants a text, its client sends a number.
  @ApiPropertyOptional(numberOrText)
  @IsOptional()
  @IsPositiveInteger()
  readonly vpn_start?: number | string | null;

  @ApiPropertyOptional({ type: 'string', maxLength: 255, description: 'Default: every project may use it.' })
  @IsOptional()
  @IsProjectId()
  readonly project_id?: string | null;

  @ApiPropertyOptional({ ...booleanOrText, description: 'Use the range whole, without splitting.' })
  @IsOptional()
  @IsNovaBoolean()
  readonly ipam?: boolean | string | null;

  // Sent by nova's client, refused by nova's API.
  @ApiPropertyOptional({ type: 'string', format: 'uuid', description: 'Default: a random one.' })
  @IsOptional()
  @IsUUID()
  readonly uuid?: string | null;

  @ApiPropertyOptional(numberOrText)
  @IsOptional()
  @IsPositiveInteger()
  readonly priority?: number | string | null;

  // Only nova-manage could be told.
  @ApiPropertyOptional({ ...numberOrText, description: 'Networks to cut the range into. Default: 1.' })
  @IsOptional()
  @IsPositiveInteger()
  readonly num_networks?: number | string | null;

  @ApiPropertyOptional({ ...numberOrText, description: 'Addresses of each. Default: an even share.' })
  @IsOptional()
  @IsPositiveInteger()
  readonly network_size?: number | string | null;
}

/** `POST /v2.1/os-networks`. */
@ApiExtraModels(CreateNetworkDto)
export class CreateNetworkBody {
  @ApiProperty({ type: () => CreateNetworkDto })
  @Nested(CreateNetworkDto)
  readonly network!: CreateNetworkDto;
}
