import { InvalidInput } from '../errors.js';
import { SecurityGroupLimitExceeded } from './errors.js';
import type { SecurityGroup } from './security-group.js';
import type { SecurityGroupTransaction } from './security-group-store.port.js';

const LONGEST = 255;

/** Throws InvalidInput. */
export function checkTexts({ name, description }: Pick<SecurityGroup, 'name' | 'description'>): void {
  for (const [what, text] of Object.entries({ name, description: description ?? '-' })) {
    if (text.trim() === '') throw new InvalidInput(`Security group ${what} cannot be empty`);
    if (text.length > LONGEST) {
      throw new InvalidInput(`Security group ${what} should not be greater than ${LONGEST} characters.`);
    }
  }
}

/** Whether the project may have one more. Throws SecurityGroupLimitExceeded. */
export async function checkGroupLimit(
  transaction: SecurityGroupTransaction,
  projectId: string,
  standard: number | undefined,
): Promise<void> {
  const limit = (await transaction.limitOf(projectId, 'security_groups')) ?? standard ?? -1;
  if (limit < 0) return;
  if ((await transaction.countGroupsLocked(projectId)) >= limit) throw new SecurityGroupLimitExceeded();
}

/** Whether a group of the project may have so many rules. Throws SecurityGroupLimitExceeded. */
export async function checkRuleLimit(
  transaction: SecurityGroupTransaction,
  projectId: string,
  count: number,
  standard: number | undefined,
): Promise<void> {
  const limit = (await transaction.limitOf(projectId, 'security_group_rules')) ?? standard ?? -1;
  if (limit >= 0 && count > limit) throw new SecurityGroupLimitExceeded();
}
