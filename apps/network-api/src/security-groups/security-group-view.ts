import type { CidrRule, SecurityGroup, SecurityGroupRule, Traffic } from '@novanet/ipam';

interface TrafficView {
  /** Null: of every kind, as are its ports. */
  readonly ip_protocol: string | null;
  readonly from_port: number | null;
  readonly to_port: number | null;
}

/** What does not apply is an object without members, as clients expect it. */
type Nothing = Readonly<Record<string, never>>;

/** A rule of a group: traffic from a block of addresses, or from the members of a group. */
export interface SecurityGroupRuleView extends TrafficView {
  readonly id: number;
  readonly parent_group_id: number;
  readonly ip_range: { readonly cidr: string } | Nothing;
  readonly group: { readonly name: string; readonly tenant_id: string } | Nothing;
}

/** A security group as the REST interface shows it. */
export interface SecurityGroupView {
  readonly id: number;
  readonly name: string;
  readonly description: string | null;
  readonly tenant_id: string;
  readonly rules: readonly SecurityGroupRuleView[];
}

/** A rule that new groups "default" begin with. */
export interface DefaultGroupRuleView extends TrafficView {
  readonly id: number;
  readonly ip_range: { readonly cidr: string };
}

export function securityGroupView(group: SecurityGroup): SecurityGroupView {
  const { id, name, description, projectId, rules } = group;
  return { id, name, description, tenant_id: projectId, rules: rules.map(securityGroupRuleView) };
}

export function securityGroupRuleView(rule: SecurityGroupRule): SecurityGroupRuleView {
  const { id, parentGroupId, source } = rule;
  const from =
    'cidr' in source
      ? { ip_range: { cidr: source.cidr.toString() }, group: {} }
      : { ip_range: {}, group: { name: source.group.name, tenant_id: source.group.projectId } };
  return { id, parent_group_id: parentGroupId, ...trafficView(rule), ...from };
}

export function defaultGroupRuleView(rule: CidrRule): DefaultGroupRuleView {
  return { id: rule.id, ...trafficView(rule), ip_range: { cidr: rule.cidr.toString() } };
}

function trafficView({ protocol, fromPort, toPort }: Traffic): TrafficView {
  return { ip_protocol: protocol, from_port: fromPort, to_port: toPort };
}
