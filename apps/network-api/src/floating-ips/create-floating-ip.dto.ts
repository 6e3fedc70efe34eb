import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';

/** `POST /v2.1/os-floating-ips`: anything beside what is named here is ignored. */
export class CreateFloatingIpBody {
  @ApiPropertyOptional({ type: 'string', nullable: true, description: 'Default: `default_floating_pool`.' })
  @IsOptional()
  @IsString()
  readonly pool?: string | null;
}
