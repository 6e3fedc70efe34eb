import type { DomainName } from './dns-name.js';

/** Private: the names of instances. Public: names that a project gives to floating IPs. */
export type DnsScope = 'private' | 'public';

/** A domain of instances, in one availability zone or (null) in all. */
export interface PrivateDnsDomain {
  readonly domain: DomainName;
  readonly scope: 'private';
  readonly availabilityZone: string | null;
}

/** A domain that one project, or (null) every project, may use. */
export interface PublicDnsDomain {
  readonly domain: DomainName;
  readonly scope: 'public';
  readonly projectId: string | null;
}

export type DnsDomain = PrivateDnsDomain | PublicDnsDomain;
