import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, ValidateBy } from 'class-validator';
import { IsIpText } from '../networks/nova-types.js';

/** `addFloatingIp` */
export class AddFloatingIpDto {
  @ApiProperty({ type: 'string', format: 'ipv4' })
  @IsIpText()
  readonly address!: string;

  @ApiPropertyOptional({ type: 'string', format: 'ipv4', description: "Default: the server's first one." })
  @IsOptional()
  @IsIpText()
  readonly fixed_address?: string | null;
}

/** `removeFloatingIp` and `removeFixedIp` */
export class ServerAddressDto {
  @ApiProperty({ type: 'string', format: 'ipv4' })
  @IsIpText()
  readonly address!: string;
}

/** `addFixedIp`: a network by its uuid, or by its number. */
export class AddFixedIpDto {
  @ApiProperty({ type: 'string', format: 'uuid' })
  @ValidateBy({
    name: 'networkId',
    validator: {
      validate: (value: unknown) =>
        (typeof value === 'number' || typeof value === 'string') && /^.{1,36}$/s.test(String(value)),
      defaultMessage: (args) => `${JSON.stringify(args?.value)} is not a 'network_id'`,
    },
  })
  readonly networkId!: string | number;
}
