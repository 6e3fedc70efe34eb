import { ApiExtraModels, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Nested } from '@novanet/contracts';
import { IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { IsNovaBoolean } from '../networks/nova-types.js';

const range = {
  type: 'string',
  example: '203.0.113.0/28',
  description:
    'An address, a block (without network and broadcast address; of a /31 or /32 all), a range `a-b`, or a list of these.',
} as const;

/** Addresses to add to a pool. */
export class FloatingIpsBulkCreateDto {
  @ApiProperty(range)
  @IsString()
  readonly ip_range!: string;

  @ApiPropertyOptional({ type: 'string', nullable: true, description: 'Default: `default_floating_pool`.' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(255)
  readonly pool?: string | null;

  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    description: 'Default: the `public_interface` of whichever host.',
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(255)
  readonly interface?: string | null;
}

/** `POST /v2.1/os-floating-ips-bulk`. */
@ApiExtraModels(FloatingIpsBulkCreateDto)
export class FloatingIpsBulkCreateBody {
  @ApiProperty({ type: () => FloatingIpsBulkCreateDto })
  @Nested(FloatingIpsBulkCreateDto)
  readonly floating_ips_bulk_create!: FloatingIpsBulkCreateDto;
}

/** `PUT /v2.1/os-floating-ips-bulk/delete`. */
export class FloatingIpsBulkDeleteBody {
  @ApiProperty(range)
  @IsString()
  readonly ip_range!: string;

  @ApiPropertyOptional({
    oneOf: [{ type: 'boolean' }, { type: 'string' }],
    description: 'Also those that a project holds, which nova takes away always.',
  })
  @IsOptional()
  @IsNovaBoolean()
  readonly force?: boolean | string | null;
}
