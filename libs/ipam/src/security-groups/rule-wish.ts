import { Ipv4Cidr, Ipv6Cidr, tryParseIp, type Cidr } from '@novanet/net-address';
import { InvalidCidr, InvalidInput } from '../errors.js';
import { InvalidIpProtocol, InvalidPortRange, InvalidSecurityGroupRule } from './errors.js';
import type { CidrRuleDraft, IpProtocol, RuleDraft, Traffic } from './security-group.js';

/** A rule as a client asks for it. Numbers may be written as text. */
export interface RuleWish {
  /** In any case; `any` and, as Amazon writes it, `-1` are not in nova: traffic of every kind. */
  readonly protocol?: string | null;
  readonly fromPort?: number | string | null;
  readonly toPort?: number | string | null;
  /** Absent: every IPv4 address. */
  readonly cidr?: string | null;
  /** Goes before `cidr`, as in nova. */
  readonly groupId?: number | null;
}

type Port = number | string | null | undefined;

const EVERYWHERE = '0.0.0.0/0';
const EVERY_PROTOCOL: ReadonlySet<string> = new Set(['any', '-1']);

/** Throws InvalidIpProtocol, InvalidPortRange, InvalidCidr, InvalidSecurityGroupRule, InvalidInput. */
export function ruleDraft(wish: RuleWish): RuleDraft {
  const { groupId } = wish;
  if (groupId === undefined || groupId === null) {
    const { cidr, ...traffic } = cidrRuleDraft(wish);
    return { ...traffic, source: { cidr } };
  }
  return { ...groupTraffic(wish), source: { groupId } };
}

/** Throws what {@link ruleDraft} throws. */
export function cidrRuleDraft(wish: RuleWish): CidrRuleDraft {
  const cidr = readCidr(wish.cidr || EVERYWHERE);
  const { protocol, fromPort, toPort } = wish;
  if (isEveryProtocol(protocol)) return { ...everything(fromPort, toPort), cidr };
  if (!protocol || isOpen(fromPort) || isOpen(toPort)) throw incomplete();
  return { ...portRange(readProtocol(protocol), fromPort, toPort), cidr };
}

/** From a group, what is left open means everything. nova takes a rule with half of its ports for one without any. */
function groupTraffic({ protocol: text, fromPort, toPort }: RuleWish): Traffic {
  if (isEveryProtocol(text)) return everything(fromPort, toPort);
  const protocol = text ? readProtocol(text) : null;
  if (isOpen(fromPort) !== isOpen(toPort)) throw incomplete();
  if (!protocol) {
    if (!isOpen(fromPort)) throw incomplete();
    return { protocol, fromPort: null, toPort: null };
  }
  if (isOpen(fromPort) || isOpen(toPort)) {
    return protocol === 'icmp'
      ? { protocol, fromPort: -1, toPort: -1 }
      : { protocol, fromPort: 1, toPort: 65_535 };
  }
  return portRange(protocol, fromPort, toPort);
}

function isEveryProtocol(text: string | null | undefined): boolean {
  return EVERY_PROTOCOL.has(text?.toLowerCase() ?? '');
}

/** What has no ports can have none; clients that must send numbers send -1. */
function everything(fromPort: Port, toPort: Port): Traffic {
  for (const port of [fromPort, toPort]) if (!isOpen(port) && wholeNumber(port) !== -1) throw incomplete();
  return { protocol: null, fromPort: null, toPort: null };
}

function isOpen(port: Port): port is null | undefined {
  return port === null || port === undefined;
}

function incomplete(): InvalidSecurityGroupRule {
  return new InvalidSecurityGroupRule('Not enough parameters to build a valid rule.');
}

function readProtocol(text: string): IpProtocol {
  const protocol = text.toLowerCase();
  if (protocol === 'tcp' || protocol === 'udp' || protocol === 'icmp') return protocol;
  throw new InvalidIpProtocol(text);
}

function portRange(protocol: IpProtocol, from: number | string, to: number | string): Traffic {
  const [fromPort, toPort] = [wholeNumber(from), wholeNumber(to)];
  if (fromPort === undefined || toPort === undefined) {
    throw new InvalidInput(
      protocol === 'icmp'
        ? 'Type and Code must be integers for ICMP protocol type'
        : 'To and From ports must be integers',
    );
  }
  const problem =
    protocol === 'icmp' ? typeProblem(fromPort, toPort) : portProblem(protocol, fromPort, toPort);
  if (problem) throw new InvalidPortRange(fromPort, toPort, problem);
  return { protocol, fromPort, toPort };
}

function wholeNumber(value: number | string): number | undefined {
  const number = typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) ? Number(number) : undefined;
}

function typeProblem(type: number, code: number): string | undefined {
  const isValid = [type, code].every((number) => number >= -1 && number <= 255);
  return isValid ? undefined : 'For ICMP, the type:code must be valid';
}

function portProblem(protocol: 'tcp' | 'udp', from: number, to: number): string | undefined {
  if (from > to) return 'Former value cannot be greater than the later';
  return from < 1 || to > 65_535
    ? `Valid ${protocol.toUpperCase()} ports should be between 1-65535`
    : undefined;
}

function readCidr(text: string): Cidr {
  const cidr = text.includes('/') ? (Ipv4Cidr.tryParse(text) ?? Ipv6Cidr.tryParse(text)) : undefined;
  if (!cidr) throw new InvalidCidr(text);
  // "10.0.0.0/0" is everything, and certainly not what was meant
  const [address = ''] = text.split('/');
  if (cidr.prefixLength === 0 && !tryParseIp(address)?.equals(cidr.first)) {
    throw new InvalidSecurityGroupRule(`Bad prefix for network in cidr ${text}`);
  }
  return cidr;
}
