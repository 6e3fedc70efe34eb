import { IsBoolean, IsInt, IsNotEmpty, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { Nested } from '../wire/shaped.js';

// All of them of the namespace `novanet`.

const MOST = 0x7fff_ffff;

/** Limits of a project by nova's names; -1: any number. What is left out stays. */
export class QuotaLimitsDto {
  @IsOptional() @IsInt() @Min(-1) @Max(MOST) readonly floating_ips?: number | null;
  @IsOptional() @IsInt() @Min(-1) @Max(MOST) readonly fixed_ips?: number | null;
  @IsOptional() @IsInt() @Min(-1) @Max(MOST) readonly security_groups?: number | null;
  @IsOptional() @IsInt() @Min(-1) @Max(MOST) readonly security_group_rules?: number | null;
}

/** `clear_quotas`. */
export class ProjectQuotasArguments {
  @IsString() @IsNotEmpty() @MaxLength(255) readonly project_id!: string;
}

/** `put_quotas`. */
export class PutQuotasArguments extends ProjectQuotasArguments {
  @Nested(QuotaLimitsDto) readonly limits!: QuotaLimitsDto;
  /** Also less than the project has. */
  @IsOptional() @IsBoolean() readonly force?: boolean | null;
}
