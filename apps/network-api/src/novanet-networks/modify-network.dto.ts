import { ApiExtraModels, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Nested } from '@novanet/contracts';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { numberOrText } from '../networks/create-network.dto.js';
import {
  IsHostNameText,
  IsIpText,
  IsIpv4Text,
  IsIpv6Text,
  IsPositiveInteger,
  IsProjectId,
} from '../networks/nova-types.js';

const ipv4 = { type: 'string', format: 'ipv4', nullable: true } as const;
const onlyUnused = 'Only while no instance holds an address in it.';

/**
 * What is left out stays as it is, null takes away. Whether a network can become so is decided by the worker that
 * carries it out.
 */
export class ModifyNetworkDto {
  @ApiPropertyOptional({ type: 'string', nullable: true, maxLength: 255, description: 'Null: nobody’s.' })
  @IsOptional()
  @IsProjectId()
  readonly project_id?: string | null;

  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    description: 'Who serves it; null: whoever needs it first, once no instance uses it any more.',
  })
  @IsOptional()
  @IsHostNameText()
  readonly host?: string | null;

  @ApiPropertyOptional({ type: 'string', maxLength: 255 })
  @IsOptional()
  @IsString()
  @MaxLength(255)
  readonly label?: string | null;

  @ApiPropertyOptional({ ...ipv4, description: 'Null: instances have no router.' })
  @IsOptional()
  @IsIpv4Text()
  readonly gateway?: string | null;

  @ApiPropertyOptional({ type: 'string', format: 'ipv6', nullable: true })
  @IsOptional()
  @IsIpv6Text()
  readonly gateway_v6?: string | null;

  @ApiPropertyOptional({ ...ipv4, description: 'Default: it goes with the gateway that it is.' })
  @IsOptional()
  @IsIpv4Text()
  readonly dhcp_server?: string | null;

  @ApiPropertyOptional(ipv4)
  @IsOptional()
  @IsIpv4Text()
  readonly dhcp_start?: string | null;

  @ApiPropertyOptional(ipv4)
  @IsOptional()
  @IsIpText()
  readonly dns1?: string | null;

  @ApiPropertyOptional(ipv4)
  @IsOptional()
  @IsIpText()
  readonly dns2?: string | null;

  @ApiPropertyOptional({ type: 'string', example: 'br100', description: onlyUnused })
  @IsOptional()
  @IsString()
  readonly bridge?: string | null;

  @ApiPropertyOptional({ type: 'string', nullable: true, description: onlyUnused })
  @IsOptional()
  @IsString()
  readonly bridge_interface?: string | null;

  @ApiPropertyOptional({ ...numberOrText, description: onlyUnused })
  @IsOptional()
  @IsPositiveInteger()
  readonly vlan?: number | string | null;

  @ApiPropertyOptional(numberOrText)
  @IsOptional()
  @IsPositiveInteger()
  readonly mtu?: number | string | null;

  @ApiPropertyOptional(numberOrText)
  @IsOptional()
  @IsPositiveInteger()
  readonly priority?: number | string | null;

  @ApiPropertyOptional({ ...ipv4, description: 'Null: where its host says.' })
  @IsOptional()
  @IsIpv4Text()
  readonly vpn_public_address?: string | null;

  @ApiPropertyOptional(numberOrText)
  @IsOptional()
  @IsPositiveInteger()
  readonly vpn_public_port?: number | string | null;
}

/** `PUT /v2.1/os-novanet-networks/{uuid}`. */
@ApiExtraModels(ModifyNetworkDto)
export class ModifyNetworkBody {
  @ApiProperty({ type: () => ModifyNetworkDto })
  @Nested(ModifyNetworkDto)
  readonly network!: ModifyNetworkDto;
}
