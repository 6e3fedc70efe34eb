import { ApiExtraModels, ApiProperty } from '@nestjs/swagger';
import { Nested } from '@novanet/contracts';
import { IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { IsNovaBoolean } from '../networks/nova-types.js';

/** A pool to create. */
export class CreatePoolDto {
  @ApiProperty({ type: 'string', minLength: 1, maxLength: 255, example: 'nova' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(255)
  readonly name!: string;
}

/** `POST /v2.1/os-novanet-pools` */
@ApiExtraModels(CreatePoolDto)
export class CreatePoolBody {
  @ApiProperty({ type: () => CreatePoolDto })
  @Nested(CreatePoolDto)
  readonly pool!: CreatePoolDto;
}

/** Addresses to add. */
export class GrowPoolDto {
  @IsString()
  readonly range!: string;

  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(255)
  readonly interface?: string | null;
}

/** Addresses to take out. */
export class ShrinkPoolDto {
  @IsString()
  readonly range!: string;

  @IsOptional()
  @IsNovaBoolean()
  readonly force?: boolean | string | null;
}
