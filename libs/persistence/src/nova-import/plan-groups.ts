import {
  cidrRuleDraft,
  NetworkServiceError,
  ruleDraft,
  type CidrRuleDraft,
  type RuleDraft,
} from '@novanet/ipam';
import type { ImportNotes } from './import-report.js';
import {
  keyOf,
  type GroupImport,
  type GroupKey,
  type GroupValues,
  type MemberImport,
  type RuleImport,
  type RuleValues,
} from './import-rows.js';
import type { NovaGroup, NovaMember, NovaRule, NovaTraffic } from './nova-records.js';

type Groups = ReadonlyMap<number, GroupKey>;

export interface GroupsPlan {
  readonly rows: readonly GroupImport[];
  /** By nova's number. */
  readonly groups: Groups;
}

export function planGroups(
  records: readonly NovaGroup[],
  known: readonly GroupValues[],
  notes: ImportNotes,
): GroupsPlan {
  const knownByKey = new Map(known.map((group) => [keyOf(group.projectId, group.name), group]));
  const rows: GroupImport[] = [];
  const groups = new Map<number, GroupKey>();
  const seen = new Set<string>();
  notes.read('security_groups', records.length);
  for (const { id, project_id: projectId, user_id: userId, name, description } of records) {
    const key = keyOf(projectId, name);
    if (projectId === null || name === null || seen.has(key)) {
      const reason =
        projectId === null || name === null
          ? 'has no project or no name'
          : `its project has another "${name}"`;
      notes.problem('security_groups', id, reason);
      continue;
    }
    seen.add(key);
    const values = { projectId, name, userId, description };
    const outcome = notes.compare('security_groups', id, values, knownByKey.get(key));
    if (outcome === 'new') rows.push({ novaId: id, values });
    groups.set(id, { projectId, name });
  }
  return { rows, groups };
}

export function planRules(
  records: readonly NovaRule[],
  groups: Groups,
  known: readonly RuleValues[],
  notes: ImportNotes,
): RuleImport[] {
  const knownKeys = new Set(known.map(ruleKey));
  const seen = new Set<string>();
  const rows: RuleImport[] = [];
  notes.read('security_group_rules', records.length);
  for (const record of records) {
    const outcome = ruleValues(record, groups);
    const reason =
      'reason' in outcome
        ? outcome.reason
        : seen.has(ruleKey(outcome.values)) && 'its group has the same rule twice';
    if ('reason' in outcome || reason) {
      notes.problem('security_group_rules', record.id, reason || '');
      continue;
    }
    const { values } = outcome;
    seen.add(ruleKey(values));
    const own = knownKeys.has(ruleKey(values)) ? values : undefined;
    if (notes.compare('security_group_rules', record.id, values, own) === 'new') {
      rows.push({ novaId: record.id, values });
    }
  }
  return rows;
}

function ruleKey({ parent, protocol, fromPort, toPort, cidr, source }: RuleValues): string {
  const from = source ? keyOf(source.projectId, source.name) : null;
  return keyOf(parent.projectId, parent.name, protocol, fromPort, toPort, cidr, from);
}

function ruleValues(
  record: NovaRule,
  groups: Groups,
): { readonly values: RuleValues } | { readonly reason: string } {
  const { parent_group_id: parentId, group_id: groupId } = record;
  const parent = groups.get(parentId ?? 0);
  const source = groupId === null ? null : groups.get(groupId);
  if (!parent) return { reason: `belongs to group ${parentId}, which is not there` };
  if (source === undefined) return { reason: `admits group ${groupId}, which is not there` };
  const draft = refusable(() => ruleDraft({ ...wishOf(record), groupId }));
  if ('reason' in draft) return draft;
  const { protocol, fromPort, toPort } = draft.value;
  return { values: { parent, protocol, fromPort, toPort, cidr: cidrOf(draft.value), source } };
}

function cidrOf({ source }: RuleDraft): string | null {
  return 'cidr' in source ? source.cidr.toString() : null;
}

function wishOf({ protocol, from_port: fromPort, to_port: toPort, cidr }: NovaTraffic) {
  return { protocol, fromPort, toPort, cidr };
}

function refusable<T>(work: () => T): { readonly value: T } | { readonly reason: string } {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof NetworkServiceError) return { reason: error.message };
    throw error;
  }
}

/** Rules that belong to no group. */
export function planCidrRules(
  kind: 'security_group_default_rules' | 'provider_firewall_rules',
  records: readonly NovaTraffic[],
  known: readonly CidrRuleDraft[],
  notes: ImportNotes,
): CidrRuleDraft[] {
  const table = kind === 'provider_firewall_rules' ? 'provider_fw_rules' : kind;
  const seen = new Set<string>();
  const knownKeys = new Set(known.map(cidrRuleKey));
  notes.read(kind, records.length);
  return records.flatMap((record) => {
    const draft = refusable(() => cidrRuleDraft(wishOf(record)));
    if ('reason' in draft || seen.has(cidrRuleKey(draft.value))) {
      notes.problem(kind, record.id, 'reason' in draft ? draft.reason : 'is there twice', { table });
      return [];
    }
    const key = cidrRuleKey(draft.value);
    seen.add(key);
    const own = knownKeys.has(key) ? draft.value : undefined;
    return notes.compare(kind, record.id, draft.value, own) === 'new' ? [draft.value] : [];
  });
}

function cidrRuleKey({ protocol, fromPort, toPort, cidr }: CidrRuleDraft): string {
  return keyOf(protocol, fromPort, toPort, cidr.toString());
}

export interface MembersPlan {
  readonly rows: readonly MemberImport[];
  /** The names of an instance's groups. */
  readonly groupsOf: ReadonlyMap<string, readonly string[]>;
}

/** @param instances those that are here after the import; others bring their groups when they ask for addresses */
export function planMembers(
  records: readonly NovaMember[],
  { groups, instances }: { readonly groups: Groups; readonly instances: ReadonlySet<string> },
  known: readonly MemberImport[],
  notes: ImportNotes,
): MembersPlan {
  const knownKeys = new Set(known.map(memberKey));
  const members = new Map<string, { readonly id: number; readonly member: MemberImport }>();
  const table = 'security_group_instance_association';
  notes.read('security_group_members', records.length);
  for (const { id, security_group_id: groupId, instance_uuid: uuid, instance_deleted: deleted } of records) {
    const group = groups.get(groupId ?? 0);
    if (!group || uuid === null || deleted !== 0) {
      const reason = group ? `instance ${uuid ?? ''} is gone` : `group ${groupId} is not there`;
      notes.problem('security_group_members', id, reason, { table });
    } else if (instances.has(uuid.toLowerCase())) {
      const member = { group, instanceUuid: uuid.toLowerCase() };
      members.set(memberKey(member), { id, member });
    }
  }
  const rows = [...members].flatMap(([key, { id, member }]) => {
    const own = knownKeys.has(key) ? member : undefined;
    return notes.compare('security_group_members', id, member, own) === 'new' ? [member] : [];
  });
  const all = [...members.values()].map(({ member }) => member);
  const byInstance = Map.groupBy(all, ({ instanceUuid }) => instanceUuid);
  return {
    rows,
    groupsOf: new Map(
      [...byInstance].map(([uuid, own]) => [uuid, own.map(({ group }) => group.name).sort()]),
    ),
  };
}

function memberKey({ group, instanceUuid }: MemberImport): string {
  return keyOf(group.projectId, group.name, instanceUuid);
}
