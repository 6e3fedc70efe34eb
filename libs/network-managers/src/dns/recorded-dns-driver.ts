import type {
  DnsDomainDirectory,
  DnsEntry,
  DnsLabel,
  DnsName,
  DnsRecords,
  DnsScope,
  DomainName,
  RecordChange,
} from '@novanet/ipam';
import type { Ipv4 } from '@novanet/net-address';
import { DnsDriver } from './dns-driver.port.js';
import type { NameServers } from './name-servers.port.js';

/**
 * Names live in the database, and every host's dnsmasq serves them: no name server besides is needed. What nova's
 * MiniDNS was meant for.
 *
 * Its domains are those registered with its scope. The private one also keeps names in a domain that nobody registered,
 * as nova allows for instances; the public one never does, so that it cannot reach those.
 */
export class RecordedDnsDriver extends DnsDriver {
  constructor(
    private readonly scope: DnsScope,
    private readonly domains: DnsDomainDirectory,
    private readonly records: DnsRecords,
    private readonly nameServers: NameServers,
  ) {
    super();
  }

  override async getDomains(): Promise<readonly DomainName[]> {
    const domains = await this.domains.list();
    return domains.filter(({ scope }) => scope === this.scope).map(({ domain }) => domain);
  }

  override createEntry(entry: DnsEntry, requestId?: string): Promise<void> {
    return this.records.add(entry, this.change(requestId));
  }

  override deleteEntry(name: DnsName, requestId?: string): Promise<void> {
    return this.records.remove(name, this.change(requestId));
  }

  override modifyAddress(entry: DnsEntry, requestId?: string): Promise<void> {
    return this.records.move(entry, this.change(requestId));
  }

  override async getEntriesByAddress(address: Ipv4, domain: DomainName): Promise<readonly DnsLabel[]> {
    return (await this.isOurs(domain)) ? this.records.namesOf(address, domain) : [];
  }

  override async getEntriesByName(name: DnsName): Promise<readonly Ipv4[]> {
    return (await this.isOurs(name.domain)) ? this.records.addressesOf(name) : [];
  }

  /** A registered domain needs nothing else. */
  override async createDomain(): Promise<void> {}

  override deleteDomain(domain: DomainName): Promise<void> {
    return this.records.removeDomain(domain);
  }

  override publish(): Promise<void> {
    return this.nameServers.refresh();
  }

  private change(requestId: string | undefined): RecordChange {
    return { requestId, registeredAs: this.scope === 'public' ? 'public' : undefined };
  }

  private async isOurs(domain: DomainName): Promise<boolean> {
    return this.scope === 'private' || (await this.domains.find(domain))?.scope === 'public';
  }
}
