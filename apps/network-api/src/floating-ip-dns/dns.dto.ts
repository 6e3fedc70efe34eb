import { ApiExtraModels, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Nested } from '@novanet/contracts';
import { IsIn, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { IsIpText } from '../networks/nova-types.js';

/** A domain to register. nova's client sends null for what is not given. */
export class DomainEntryDto {
  @ApiProperty({ type: 'string', enum: ['public', 'private'] })
  @IsIn(['public', 'private'], { message: "'$value' is not one of ['public', 'private']" })
  readonly scope!: 'public' | 'private';

  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    description: 'Of a public one. Null: for every project.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(255)
  @Matches(/^[a-zA-Z0-9-]+$/, { message: "$property may hold letters, digits and '-' only" })
  readonly project?: string | null;

  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    description: 'Of a private one. Null: for all zones.',
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(255)
  readonly availability_zone?: string | null;
}

/** `PUT /v2.1/os-floating-ip-dns/{domain}`. */
@ApiExtraModels(DomainEntryDto)
export class DomainEntryBody {
  @ApiProperty({ type: () => DomainEntryDto })
  @Nested(DomainEntryDto)
  readonly domain_entry!: DomainEntryDto;
}

/** A name's address. */
export class DnsEntryDto {
  @ApiProperty({ type: 'string', format: 'ipv4' })
  @IsIpText()
  readonly ip!: string;

  @ApiProperty({ type: 'string', enum: ['a', 'A'] })
  @IsIn(['a', 'A'], { message: "'$value' is not one of ['a', 'A']" })
  readonly dns_type!: string;
}

/** `PUT /v2.1/os-floating-ip-dns/{domain}/entries/{name}`. */
@ApiExtraModels(DnsEntryDto)
export class DnsEntryBody {
  @ApiProperty({ type: () => DnsEntryDto })
  @Nested(DnsEntryDto)
  readonly dns_entry!: DnsEntryDto;
}

/** `GET /v2.1/os-floating-ip-dns/{domain}/entries?ip=`. */
export class DnsEntriesQuery {
  @ApiProperty({ type: 'string', format: 'ipv4' })
  @IsIpText()
  readonly ip!: string;
}
