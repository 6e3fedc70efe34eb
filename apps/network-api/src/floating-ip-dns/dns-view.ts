import { isRecord } from '@novanet/contracts';

/** A domain as the REST interface shows it: each scope leaves a field empty. */
export interface DomainEntryView {
  readonly domain: string;
  readonly scope: string;
  readonly project: string | null;
  readonly availability_zone: string | null;
}

/** The worker's list of domains. */
export function domainEntryViews(answer: unknown): DomainEntryView[] {
  return (Array.isArray(answer) ? answer : []).filter(isRecord).map((domain) => ({
    domain: textIn(domain['domain']) ?? '',
    scope: textIn(domain['scope']) ?? '',
    project: textIn(domain['project']),
    availability_zone: textIn(domain['availability_zone']),
  }));
}

function textIn(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** A name as the REST interface shows it. nova has neither ids nor, where it lists them, types. */
export interface DnsEntryView {
  readonly ip: string;
  readonly name: string;
  readonly type: string | null;
  readonly domain: string;
  readonly id: null;
}

export function dnsEntryView(
  entry: Omit<DnsEntryView, 'id' | 'type'>,
  type: string | null = null,
): DnsEntryView {
  return { ...entry, type, id: null };
}

/** The worker's list of names or of addresses. */
export function textsIn(answer: unknown): string[] {
  return (Array.isArray(answer) ? answer : []).filter((text) => typeof text === 'string');
}
