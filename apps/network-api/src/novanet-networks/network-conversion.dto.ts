import { ApiExtraModels, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Nested } from '@novanet/contracts';
import { IsBoolean, IsOptional } from 'class-validator';
import { IsHostNameText } from '../networks/nova-types.js';

/** Who serves a network. */
export class NetworkConversionDto {
  @ApiProperty({ type: 'boolean', description: 'Each host its own instances; false: one host all.' })
  @IsBoolean()
  readonly multi_host!: boolean;

  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    description: 'The one host. Default: who serves it already, or any.',
  })
  @IsOptional()
  @IsHostNameText()
  readonly host?: string | null;
}

/** `POST /v2.1/os-novanet-networks/{uuid}/action`. */
@ApiExtraModels(NetworkConversionDto)
export class ConvertNetworkBody {
  @ApiProperty({ type: () => NetworkConversionDto })
  @Nested(NetworkConversionDto)
  readonly convert!: NetworkConversionDto;
}
