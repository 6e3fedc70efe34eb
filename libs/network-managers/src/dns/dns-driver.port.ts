import type { DnsEntry, DnsLabel, DnsName, DomainName } from '@novanet/ipam';
import type { Ipv4 } from '@novanet/net-address';

/**
 * Where names are kept and served: nova's `instance_dns_manager` and `floating_ip_dns_manager`. Names and addresses are
 * valid when they come here.
 *
 * A request may come twice. A driver that can SHOULD recognise `requestId`, and then answer as the first time.
 */
export abstract class DnsDriver {
  /** The domains it knows. */
  abstract getDomains(): Promise<readonly DomainName[]>;
  /** Throws FloatingIpDNSExists when the name exists, also with the same address; NotFound without the domain. */
  abstract createEntry(entry: DnsEntry, requestId?: string): Promise<void>;
  /** Throws NotFound. */
  abstract deleteEntry(name: DnsName, requestId?: string): Promise<void>;
  /** Throws NotFound. */
  abstract modifyAddress(entry: DnsEntry, requestId?: string): Promise<void>;
  abstract getEntriesByAddress(address: Ipv4, domain: DomainName): Promise<readonly DnsLabel[]>;
  abstract getEntriesByName(name: DnsName): Promise<readonly Ipv4[]>;
  /** Called for a domain that is registered. Throws FloatingIpDNSExists when the driver knows it: no harm. */
  abstract createDomain(domain: DomainName): Promise<void>;
  /** With every entry in it. MUST be repeatable: a worker may have died after the first time. */
  abstract deleteDomain(domain: DomainName): Promise<void>;

  /** Called once after one or several changes. For a driver whose name servers have to be told. */
  async publish(): Promise<void> {}
}
