import {
  BadRequestException,
  ForbiddenException,
  type HttpException,
  NotFoundException,
} from '@nestjs/common';
import { RemoteError } from '@novanet/messaging';

/** Worker's errors by their names, as nova's API has them. */
type Refusals = Readonly<Record<string, HttpException>>;

/** What a worker answers; what it refuses with, in the words that nova's API has instead of its network service's. */
export async function refusedAs<T>(answer: Promise<T>, refusals: Refusals): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw (error instanceof RemoteError && refusals[error.className]) || error;
  }
}

export function groupRefusals(name: string): Refusals {
  return {
    SecurityGroupExists: new BadRequestException(`Security group ${name} already exists`),
    SecurityGroupLimitExceeded: new ForbiddenException('Quota exceeded, too many security groups.'),
  };
}

export function ruleRefusals(groupId: number): Refusals {
  return {
    SecurityGroupRuleExists: new BadRequestException(`This rule already exists in group ${groupId}`),
    SecurityGroupLimitExceeded: new ForbiddenException('Quota exceeded, too many security group rules.'),
  };
}

export function noSuchRule(ruleId: number): NotFoundException {
  return new NotFoundException(`Rule (${ruleId}) not found`);
}
