import type { CidrRule, SecurityGroup, SecurityGroupRule, Traffic } from '@novanet/ipam';

interface TrafficDict {
  /** Null: of every kind. */
  readonly ip_protocol: string | null;
  readonly from_port: number | null;
  readonly to_port: number | null;
}

/** A rule that belongs to no group. */
export interface CidrRuleDict extends TrafficDict {
  readonly id: number;
  readonly cidr: string;
}

/** A rule of a group: it has either a block of addresses or a group that traffic may come from. */
export interface SecurityGroupRuleDict extends TrafficDict {
  readonly id: number;
  readonly parent_group_id: number;
  readonly cidr: string | null;
  readonly group: { readonly id: number; readonly name: string; readonly project_id: string } | null;
}

/** A security group as the methods about them answer it, with the field names of nova's REST interface. */
export interface SecurityGroupDict {
  readonly id: number;
  readonly name: string;
  readonly description: string | null;
  readonly project_id: string;
  readonly rules: readonly SecurityGroupRuleDict[];
}

export function securityGroupDict(group: SecurityGroup): SecurityGroupDict {
  const { id, name, description, projectId, rules } = group;
  return { id, name, description, project_id: projectId, rules: rules.map(securityGroupRuleDict) };
}

export function securityGroupRuleDict(rule: SecurityGroupRule): SecurityGroupRuleDict {
  const { id, parentGroupId, source } = rule;
  const isFromGroup = 'group' in source;
  return {
    id,
    parent_group_id: parentGroupId,
    ...trafficDict(rule),
    cidr: isFromGroup ? null : source.cidr.toString(),
    group: isFromGroup
      ? { id: source.group.id, name: source.group.name, project_id: source.group.projectId }
      : null,
  };
}

export function cidrRuleDict(rule: CidrRule): CidrRuleDict {
  return { id: rule.id, ...trafficDict(rule), cidr: rule.cidr.toString() };
}

function trafficDict({ protocol, fromPort, toPort }: Traffic): TrafficDict {
  return { ip_protocol: protocol, from_port: fromPort, to_port: toPort };
}
