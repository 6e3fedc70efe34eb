import { ApiExtraModels, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Nested } from '@novanet/contracts';
import { IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';

/** What is to be looked at: at most one of them; none: the whole cloud. */
export class PatientDto {
  @ApiPropertyOptional({ type: 'string', description: 'Its uuid, or its name.' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(255)
  readonly instance?: string;

  @ApiPropertyOptional({ type: 'string', description: 'A fixed IP, or a floating IP.' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(255)
  readonly address?: string;

  @ApiPropertyOptional({ type: 'string', description: 'The host of a network worker.' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(255)
  readonly host?: string;
}

/** `POST /v2.1/os-novanet-doctor/fix`. */
@ApiExtraModels(PatientDto)
export class FixBody {
  @ApiProperty({ type: () => PatientDto })
  @Nested(PatientDto)
  readonly fix!: PatientDto;
}
