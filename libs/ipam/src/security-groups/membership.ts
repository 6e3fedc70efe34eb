import { InstanceNotFound } from '../errors.js';
import {
  SecurityGroupExistsForInstance,
  SecurityGroupNotExistsForInstance,
  SecurityGroupNotFound,
  SecurityGroupNotFoundForProject,
} from './errors.js';
import { DEFAULT_GROUP, type SecurityGroup } from './security-group.js';
import type { Membership, SecurityGroupTransaction } from './security-group-store.port.js';

/** What saying which groups an instance is in came to. */
export interface MembershipOutcome {
  /** Groups that the instance entered or left. */
  readonly changedGroupIds: readonly number[];
  /** Names that no group of the project has. */
  readonly unknownNames: readonly string[];
}

/** {@link SecurityGroupBook.setMembers}, inside a transaction. */
export async function setMembers(
  transaction: SecurityGroupTransaction,
  instanceUuid: string,
  names: readonly string[],
): Promise<MembershipOutcome> {
  const before = await lockMembership(transaction, instanceUuid);
  const groups = await groupsNamed(transaction, before.projectId, names);
  const unknownNames = names.filter((name) => !groups.some((group) => group.name === name));
  if (groups.length > 0) {
    const groupIds = groups.map(({ id }) => id);
    const changedGroupIds = symmetricDifference(before.groupIds, groupIds);
    if (!before.isListed || changedGroupIds.length > 0) {
      await transaction.writeMembership(instanceUuid, groupIds);
    }
    return { changedGroupIds, unknownNames };
  }
  if (!before.isListed) return { changedGroupIds: [], unknownNames };
  await transaction.writeMembership(instanceUuid, null);
  const after = await lockMembership(transaction, instanceUuid);
  return { changedGroupIds: symmetricDifference(before.groupIds, after.groupIds), unknownNames };
}

/** {@link SecurityGroupBook.addMember}, inside a transaction. */
export async function enterGroup(
  transaction: SecurityGroupTransaction,
  groupId: number,
  instanceUuid: string,
): Promise<void> {
  const { groupIds } = await groupAndMembership(transaction, groupId, instanceUuid);
  if (groupIds.includes(groupId)) throw new SecurityGroupExistsForInstance(groupId, instanceUuid);
  await transaction.writeMembership(instanceUuid, [...groupIds, groupId]);
}

/** {@link SecurityGroupBook.removeMember}, inside a transaction. */
export async function leaveGroup(
  transaction: SecurityGroupTransaction,
  groupId: number,
  instanceUuid: string,
): Promise<void> {
  const { groupIds } = await groupAndMembership(transaction, groupId, instanceUuid);
  if (!groupIds.includes(groupId)) throw new SecurityGroupNotExistsForInstance(groupId, instanceUuid);
  const others = groupIds.filter((id) => id !== groupId);
  await transaction.writeMembership(instanceUuid, others);
}

/** The project's group "default", made with the default rules where it is missing. */
export async function ensureDefaultGroup(
  transaction: SecurityGroupTransaction,
  projectId: string,
  userId: string | null,
): Promise<void> {
  const [known] = await transaction.find({ projectId, names: [DEFAULT_GROUP] });
  if (known) return;
  const id = await transaction.insertGroup({
    projectId,
    userId,
    name: DEFAULT_GROUP,
    description: DEFAULT_GROUP,
  });
  if (id !== undefined) await transaction.copyDefaultRules(id);
}

async function groupAndMembership(
  transaction: SecurityGroupTransaction,
  groupId: number,
  instanceUuid: string,
): Promise<Membership> {
  const membership = await ownMembership(transaction, instanceUuid);
  const [group] = await transaction.find({ ids: [groupId] });
  if (!group) throw new SecurityGroupNotFound(groupId);
  if (group.projectId !== membership.projectId) {
    throw new SecurityGroupNotFoundForProject(groupId, membership.projectId);
  }
  return membership;
}

/** From here on the instance's groups are listed, and nobody must lose "default" because nobody has made it yet. */
async function ownMembership(
  transaction: SecurityGroupTransaction,
  instanceUuid: string,
): Promise<Membership> {
  const membership = await lockMembership(transaction, instanceUuid);
  const { projectId, isListed, groupIds } = membership;
  if (isListed || groupIds.length > 0 || projectId === null) return membership;
  await ensureDefaultGroup(transaction, projectId, null);
  return lockMembership(transaction, instanceUuid);
}

async function lockMembership(
  transaction: SecurityGroupTransaction,
  instanceUuid: string,
): Promise<Membership> {
  const membership = await transaction.lockMembership(instanceUuid);
  if (!membership) throw new InstanceNotFound(instanceUuid);
  return membership;
}

async function groupsNamed(
  transaction: SecurityGroupTransaction,
  projectId: string | null,
  names: readonly string[],
): Promise<SecurityGroup[]> {
  if (projectId === null || names.length === 0) return [];
  if (names.includes(DEFAULT_GROUP)) await ensureDefaultGroup(transaction, projectId, null);
  return transaction.find({ projectId, names });
}

function symmetricDifference(one: readonly number[], other: readonly number[]): number[] {
  return [...one.filter((id) => !other.includes(id)), ...other.filter((id) => !one.includes(id))];
}
