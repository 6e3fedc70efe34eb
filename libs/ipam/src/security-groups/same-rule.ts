import type { RuleDraft, SecurityGroupRule, Traffic } from './security-group.js';

export function isSameTraffic(one: Traffic, other: Traffic): boolean {
  return one.protocol === other.protocol && one.fromPort === other.fromPort && one.toPort === other.toPort;
}

export function isSameRule(one: RuleDraft, other: RuleDraft): boolean {
  return isSameTraffic(one, other) && isSameSource(one.source, other.source);
}

function isSameSource(one: RuleDraft['source'], other: RuleDraft['source']): boolean {
  if ('cidr' in one) return 'cidr' in other && one.cidr.equals(other.cidr);
  return 'groupId' in other && one.groupId === other.groupId;
}

/** What was asked for when the rule was made. */
export function draftOf({ protocol, fromPort, toPort, source }: SecurityGroupRule): RuleDraft {
  return {
    protocol,
    fromPort,
    toPort,
    source: 'cidr' in source ? source : { groupId: source.group.id },
  };
}

/** "tcp 22:22 from 10.0.0.0/8", as a message names it. */
export function describeRule({ protocol, fromPort, toPort, source }: RuleDraft): string {
  const what = protocol === null ? 'any' : `${protocol} ${fromPort}:${toPort}`;
  const where = 'cidr' in source ? source.cidr.toString() : `group ${source.groupId}`;
  return `${what} from ${where}`;
}
