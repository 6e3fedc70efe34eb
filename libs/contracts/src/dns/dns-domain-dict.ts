import type { DnsDomain } from '@novanet/ipam';

export type DnsDomainDict =
  | { readonly domain: string; readonly scope: 'private'; readonly availability_zone: string | null }
  | { readonly domain: string; readonly scope: 'public'; readonly project: string | null };

/** A domain as `get_dns_domains` lists it: each scope has a field of its own. */
export function dnsDomainDict(domain: DnsDomain): DnsDomainDict {
  return domain.scope === 'private'
    ? { domain: domain.domain, scope: 'private', availability_zone: domain.availabilityZone }
    : { domain: domain.domain, scope: 'public', project: domain.projectId };
}
