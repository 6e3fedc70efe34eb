import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { IsNovaBoolean } from '../networks/nova-types.js';

/** `PUT /v2.1/os-services/{action}` */
export class ComputeServiceBody {
  @ApiProperty({ type: 'string', example: 'host1' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(255)
  readonly host!: string;

  @ApiProperty({ type: 'string', example: 'nova-network' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(255)
  readonly binary!: string;

  @ApiPropertyOptional({ type: 'string', description: 'For disable-log-reason.' })
  @IsOptional()
  @IsString()
  @MaxLength(255)
  readonly disabled_reason?: string | null;
}

/** `PUT /v2.1/os-services/force-down` */
export class ForceDownBody extends ComputeServiceBody {
  @ApiPropertyOptional({ type: 'boolean', description: 'Needed by force-down.' })
  @IsNovaBoolean()
  readonly forced_down!: boolean | string;
}
