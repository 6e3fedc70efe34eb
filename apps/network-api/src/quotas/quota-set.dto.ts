import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, IsOptional, ValidateBy } from 'class-validator';
import { IsNovaBoolean } from '../networks/nova-types.js';

const MOST = 0x7fff_ffff;

/** A number, or digits; -1: any number. */
const IsQuota = () =>
  ValidateBy({
    name: 'quota',
    validator: {
      validate: (value: unknown) => {
        const isNumber = typeof value === 'number' || (typeof value === 'string' && /^-?\d+$/.test(value));
        return isNumber && Number.isInteger(Number(value)) && Number(value) >= -1 && Number(value) <= MOST;
      },
      defaultMessage: (args) => `${JSON.stringify(args?.value)} is not a number from -1 to ${MOST}`,
    },
  });

const quota = { oneOf: [{ type: 'integer', minimum: -1 }, { type: 'string' }] };

/** Limits of a project; what is left out stays. */
export class QuotaSetDto {
  @ApiPropertyOptional(quota)
  @IsOptional()
  @IsQuota()
  readonly floating_ips?: number | string | null;

  @ApiPropertyOptional(quota)
  @IsOptional()
  @IsQuota()
  readonly fixed_ips?: number | string | null;

  @ApiPropertyOptional(quota)
  @IsOptional()
  @IsQuota()
  readonly security_groups?: number | string | null;

  @ApiPropertyOptional(quota)
  @IsOptional()
  @IsQuota()
  readonly security_group_rules?: number | string | null;

  @ApiPropertyOptional({ type: 'boolean', description: 'Also less than the project has.' })
  @IsOptional()
  @IsNovaBoolean()
  readonly force?: boolean | string | null;
}

/** `PUT /v2.1/os-quota-sets/{project}` */
export class QuotaSetBody {
  @ApiProperty({ type: () => QuotaSetDto })
  @IsObject()
  readonly quota_set!: object;
}
