import { ApiExtraModels, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Nested } from '@novanet/contracts';
import { IsOptional } from 'class-validator';
import { numberOrText } from '../networks/create-network.dto.js';
import { IsIpv4Text, IsPositiveInteger, IsProjectId } from '../networks/nova-types.js';

/** Where the VPN of a project is reached. */
export class ConfigureProjectDto {
  @ApiProperty({ type: 'string', format: 'ipv4' })
  @IsIpv4Text()
  readonly vpn_ip!: string;

  @ApiProperty({ ...numberOrText, description: 'A UDP port.' })
  @IsPositiveInteger()
  readonly vpn_port!: number | string;

  // nova configures the administrator's own project, whichever is meant.
  @ApiPropertyOptional({ type: 'string', nullable: true, description: 'Default: the own project.' })
  @IsOptional()
  @IsProjectId()
  readonly project_id?: string | null;
}

/** `PUT /v2.1/os-cloudpipe/configure-project`. */
@ApiExtraModels(ConfigureProjectDto)
export class ConfigureProjectBody {
  @ApiProperty({ type: () => ConfigureProjectDto })
  @Nested(ConfigureProjectDto)
  readonly configure_project!: ConfigureProjectDto;
}
