import { ApiProperty } from '@nestjs/swagger';
import { IsString, ValidateIf } from 'class-validator';

/** `POST /v2.1/os-networks/add` */
export class AddNetworkBody {
  @ApiProperty({ type: 'string', nullable: true, description: 'Null: any that is free.' })
  @ValidateIf(({ id }: AddNetworkBody) => id !== null)
  @IsString()
  readonly id!: string | null;
}
