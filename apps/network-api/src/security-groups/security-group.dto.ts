import { ApiExtraModels, ApiProperty } from '@nestjs/swagger';
import { Nested } from '@novanet/contracts';
import { InOwnWords } from '../http/validation.js';

const IsGroupText = (what: string) =>
  InOwnWords((value) => typeof value === 'string', `Security group ${what} is not a string or unicode`);

/** What a security group is called. How long the texts may be is the worker's to say. */
export class SecurityGroupDto {
  @ApiProperty({ type: 'string', minLength: 1, maxLength: 255, example: 'web' })
  @IsGroupText('name')
  readonly name!: string;

  @ApiProperty({ type: 'string', minLength: 1, maxLength: 255, example: 'web servers' })
  @IsGroupText('description')
  readonly description!: string;
}

/** `POST /v2.1/os-security-groups` and `PUT /v2.1/os-security-groups/{id}`. */
@ApiExtraModels(SecurityGroupDto)
export class SecurityGroupBody {
  @ApiProperty({ type: () => SecurityGroupDto })
  @Nested(SecurityGroupDto)
  readonly security_group!: SecurityGroupDto;
}
