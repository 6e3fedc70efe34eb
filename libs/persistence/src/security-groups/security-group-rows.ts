import type {
  CidrRule,
  CidrRuleDraft,
  GroupRuleRow,
  InstanceReference,
  IpProtocol,
  RuleDraft,
  SecurityGroup,
  SecurityGroupRule,
} from '@novanet/ipam';
import { Ipv4Cidr, Ipv6Cidr, parseHostName, type Cidr } from '@novanet/net-address';

export interface GroupRow {
  readonly id: number;
  readonly projectId: string;
  readonly userId: string | null;
  readonly name: string;
  readonly description: string | null;
}

interface TrafficColumns {
  readonly id: number;
  readonly protocol: string | null;
  readonly fromPort: number | null;
  readonly toPort: number | null;
  readonly cidr: string | null;
}

export interface RuleRow extends TrafficColumns {
  readonly parentGroupId: number;
  readonly groupId: number | null;
  readonly groupName: string | null;
  readonly groupProjectId: string | null;
}

export interface InstanceRow {
  readonly id: number;
  readonly computeId: number | null;
  readonly uuid: string;
  readonly host: string | null;
  readonly projectId: string | null;
  readonly userId: string | null;
}

export const TRAFFIC_COLUMNS = 'protocol, from_port AS fromPort, to_port AS toPort, cidr';

const EVERYWHERE = Ipv4Cidr.parse('0.0.0.0/0');

export function toGroup(row: GroupRow, rules: readonly RuleRow[]): SecurityGroup {
  const { id, projectId, userId, name, description } = row;
  return { id, projectId, userId, name, description, rules: rules.map(toRule) };
}

function toRule(row: RuleRow): SecurityGroupRule {
  const { id, parentGroupId, groupId, groupName, groupProjectId } = row;
  const isFromGroup = groupId !== null && groupName !== null && groupProjectId !== null;
  return {
    id,
    parentGroupId,
    ...toTraffic(row),
    source: isFromGroup
      ? { group: { id: groupId, name: groupName, projectId: groupProjectId } }
      : { cidr: toCidr(row.cidr) },
  };
}

export function toCidrRule(row: TrafficColumns): CidrRule {
  return { id: row.id, ...toTraffic(row), cidr: toCidr(row.cidr) };
}

export function toGroupRule(row: Omit<RuleRow, 'groupName' | 'groupProjectId'>): GroupRuleRow {
  const { parentGroupId, groupId } = row;
  return {
    parentGroupId,
    ...toTraffic(row),
    source: groupId === null ? { cidr: toCidr(row.cidr) } : { groupId },
  };
}

export function toInstanceReference({ id: _ours, host, ...plain }: InstanceRow): InstanceReference {
  return { ...plain, host: host === null ? null : parseHostName(host) };
}

/** The columns protocol, from_port, to_port, cidr. */
export function trafficValues(rule: RuleDraft | CidrRuleDraft): unknown[] {
  const { protocol, fromPort, toPort } = rule;
  return [protocol, fromPort, toPort, cidrOf(rule)];
}

function cidrOf(rule: RuleDraft | CidrRuleDraft): string | null {
  if ('cidr' in rule) return rule.cidr.toString();
  return 'cidr' in rule.source ? rule.source.cidr.toString() : null;
}

function toTraffic({ protocol, fromPort, toPort }: TrafficColumns) {
  return { protocol: toProtocol(protocol), fromPort, toPort };
}

function toProtocol(text: string | null): IpProtocol | null {
  return text === 'tcp' || text === 'udp' || text === 'icmp' ? text : null;
}

function toCidr(text: string | null): Cidr {
  if (text === null) return EVERYWHERE;
  return Ipv4Cidr.tryParse(text) ?? Ipv6Cidr.parse(text);
}
