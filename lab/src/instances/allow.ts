import { MessageBus } from '../cloud/message-bus.js';
import { type CidrRule, type SecurityGroup, SecurityGroups } from '../cloud/security-groups.js';
import { LabError } from '../plan/lab-error.js';
import type { OpenLab } from '../state/open-lab.js';

export interface Traffic {
  readonly protocol: Protocol;
  /** None: all of them. */
  readonly ports?: Ports;
  /** A block of addresses. */
  readonly from: string;
}

export type Protocol = 'tcp' | 'udp' | 'icmp';

export interface Ports {
  readonly first: number;
  readonly last: number;
}

/**
 * Lets traffic in to an instance, and to all others in the group "default" of its project. Repeatable. Answers whose
 * group has the rule. Throws LabError.
 */
export async function allowTraffic(lab: OpenLab, name: string, traffic: Traffic): Promise<string> {
  const { project_id: projectId } = lab.folder.instance(name);
  const rule = ruleOf(traffic);
  await MessageBus.with(lab.urls.amqp, async (bus) => {
    const groups = new SecurityGroups(bus);
    const group = await groups.defaultGroup(projectId);
    if (!hasRule(group, rule)) await groups.addRule(group.id, rule);
  });
  return projectId;
}

/** Throws LabError. */
export function ruleOf({ protocol, ports, from }: Traffic): CidrRule {
  if (protocol !== 'icmp') {
    const { first, last } = ports ?? { first: 1, last: 65_535 };
    return { ip_protocol: protocol, from_port: first, to_port: last, cidr: from };
  }
  if (ports) throw new LabError(`ICMP has no ports: leave out ${describePorts(ports)}.`);
  return { ip_protocol: protocol, from_port: -1, to_port: -1, cidr: from };
}

function hasRule({ rules }: SecurityGroup, rule: CidrRule): boolean {
  return rules.some(
    (one) =>
      one.ip_protocol === rule.ip_protocol &&
      one.from_port === rule.from_port &&
      one.to_port === rule.to_port &&
      one.cidr === rule.cidr,
  );
}

/** "tcp 80 from 0.0.0.0/0". */
export function describeTraffic({ protocol, ports, from }: Traffic): string {
  return [protocol, ...(ports ? [describePorts(ports)] : []), 'from', from].join(' ');
}

function describePorts({ first, last }: Ports): string {
  return first === last ? String(first) : `${first}-${last}`;
}
