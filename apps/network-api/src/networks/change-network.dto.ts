import { ApiExtraModels, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Nested } from '@novanet/contracts';
import { IsOptional, IsString, ValidateIf } from 'class-validator';
import { IsHostNameText, IsProjectId } from './nova-types.js';

/** `POST /v2.1/os-networks/add` */
export class AddNetworkBody {
  @ApiProperty({ type: 'string', nullable: true, description: 'Null: any that is free.' })
  @ValidateIf(({ id }: AddNetworkBody) => id !== null)
  @IsString()
  readonly id!: string | null;
}

/** What is left out stays as it is, null takes away. */
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
}

/** `PUT /v2.1/os-networks/{uuid}`, which nova has not: `nova-manage network modify`. */
@ApiExtraModels(ModifyNetworkDto)
export class ModifyNetworkBody {
  @ApiProperty({ type: () => ModifyNetworkDto })
  @Nested(ModifyNetworkDto)
  readonly network!: ModifyNetworkDto;
}
