import type { Ipv4 } from '@novanet/net-address';
import type { DnsScope } from './dns-domain.js';
import type { DnsEntry, DnsLabel, DnsName, DomainName } from './dns-name.js';

/** Where records are kept. A failed connection is retried and ends as DatabaseUnavailable. */
export abstract class DnsRecordStore {
  /** All or nothing. MUST run `work` again from the start after a deadlock or a lost connection. */
  abstract transaction<T>(work: (transaction: DnsRecordTransaction) => Promise<T>): Promise<T>;
  /** By domain and name. MUST leave out what is no name or no address, whoever wrote it. */
  abstract list(): Promise<DnsEntry[]>;
  abstract namesOf(address: Ipv4, domain: DomainName): Promise<DnsLabel[]>;
  abstract addressesOf(name: DnsName): Promise<Ipv4[]>;
  /** Answers how many records it had. */
  abstract deleteDomain(domain: DomainName): Promise<number>;
}

/** What can be done inside {@link DnsRecordStore.transaction}. */
export interface DnsRecordTransaction {
  /** MUST let one of several transactions with this id through: the others wait for its end, and get false. */
  remember(requestId: string): Promise<boolean>;
  /** The scope of a registered domain; it cannot be unregistered before our end. */
  keepDomain(domain: DomainName): Promise<DnsScope | undefined>;
  /** False when the name exists. */
  insert(entry: DnsEntry): Promise<boolean>;
  /** False when the name does not exist. */
  update(entry: DnsEntry): Promise<boolean>;
  /** False when the name does not exist. */
  delete(name: DnsName): Promise<boolean>;
}
