import { ApiExtraModels, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Nested } from '@novanet/contracts';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { booleanOrText, numberOrText } from '../networks/create-network.dto.js';
import { IsIpCidrText, IsIpv6CidrText, IsNovaBoolean, IsPositiveInteger } from '../networks/nova-types.js';

/** A network that a project makes for itself. */
export class CreateTenantNetworkDto {
  @ApiProperty({ type: 'string', maxLength: 255, example: 'private' })
  @IsString()
  @MaxLength(255)
  readonly label!: string;

  // nova's client has no word for IPv6: it sends either here.
  @ApiPropertyOptional({ type: 'string', example: '10.0.0.0/24', description: 'IPv4 or IPv6.' })
  @IsOptional()
  @IsIpCidrText()
  readonly cidr?: string | null;

  @ApiPropertyOptional({ type: 'string', example: 'fd00:1::/64' })
  @IsOptional()
  @IsIpv6CidrText()
  readonly cidr_v6?: string | null;

  @ApiPropertyOptional({ ...booleanOrText, description: 'Use the range whole, without splitting.' })
  @IsOptional()
  @IsNovaBoolean()
  readonly ipam?: boolean | string | null;

  @ApiPropertyOptional(numberOrText)
  @IsOptional()
  @IsPositiveInteger()
  readonly vlan_start?: number | string | null;

  @ApiPropertyOptional({ ...numberOrText, description: 'Addresses of each. Default: an even share.' })
  @IsOptional()
  @IsPositiveInteger()
  readonly network_size?: number | string | null;

  @ApiPropertyOptional({ ...numberOrText, description: 'Networks to cut the range into. Default: 1.' })
  @IsOptional()
  @IsPositiveInteger()
  readonly num_networks?: number | string | null;
}

/** `POST /v2.1/os-tenant-networks` */
@ApiExtraModels(CreateTenantNetworkDto)
export class CreateTenantNetworkBody {
  @ApiProperty({ type: () => CreateTenantNetworkDto })
  @Nested(CreateTenantNetworkDto)
  readonly network!: CreateTenantNetworkDto;
}
