import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import { IsIpv4Text, IsNovaBoolean, IsPositiveInteger } from '../networks/nova-types.js';

const text = { type: 'string' } as const;
const ipv4 = { type: 'string', format: 'ipv4' } as const;

/** Which floating IPs are listed: what is given must fit. nova lists all of the project. */
export class FloatingIpQuery {
  @ApiPropertyOptional({ type: 'boolean', description: "Other projects' as well; for administrators." })
  @IsOptional()
  @IsNovaBoolean()
  readonly all_tenants?: string;

  @ApiPropertyOptional({ ...text, description: 'Of this project alone; for administrators.' })
  @IsOptional()
  @IsString()
  readonly project_id?: string;

  @ApiPropertyOptional(text)
  @IsOptional()
  @IsString()
  readonly pool?: string;

  @ApiPropertyOptional(ipv4)
  @IsOptional()
  @IsIpv4Text()
  readonly ip?: string;

  @ApiPropertyOptional(ipv4)
  @IsOptional()
  @IsIpv4Text()
  readonly fixed_ip?: string;

  @ApiPropertyOptional({ ...text, format: 'uuid' })
  @IsOptional()
  @IsString()
  readonly instance_id?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, description: 'At most so many.' })
  @IsOptional()
  @IsPositiveInteger()
  readonly limit?: string;

  @ApiPropertyOptional({ type: 'integer', description: 'Those behind the one with this id.' })
  @IsOptional()
  @IsPositiveInteger()
  readonly marker?: string;
}
