import type { DnsDomain, DnsScope } from './dns-domain.js';
import type { DomainName } from './dns-name.js';

/** Where domains are kept. A failed connection is retried and ends as DatabaseUnavailable. */
export abstract class DnsDomainStore {
  /**
   * MUST write the domain, or give one of the same scope its new zone or project, in one step. One of the other scope
   * MUST stay as it is.
   */
  abstract put(domain: DnsDomain): Promise<DnsDomainPut>;
  abstract find(domain: DomainName): Promise<DnsDomain | undefined>;
  /** By name. */
  abstract list(): Promise<DnsDomain[]>;
  /** All or nothing. MUST run `work` again from the start after a deadlock or a lost connection. */
  abstract transaction<T>(work: (transaction: DnsDomainTransaction) => Promise<T>): Promise<T>;
}

export interface DnsDomainPut {
  /** The scope that is stored now. */
  readonly scope: DnsScope;
  /** Whether it was there before with another zone or project. */
  readonly isChanged: boolean;
}

/** What can be done inside {@link DnsDomainStore.transaction}. */
export interface DnsDomainTransaction {
  /** Its scope; kept from changing until our end. */
  lock(domain: DomainName): Promise<DnsScope | undefined>;
  /** MUST wait for everyone who adds a record to the domain. */
  delete(domain: DomainName): Promise<void>;
  /** The scope of the domain that this request deleted. */
  recall(requestId: string): Promise<DnsScope | undefined>;
  remember(requestId: string, scope: DnsScope): Promise<void>;
}
