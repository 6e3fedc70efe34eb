import type { Ipv4 } from '@novanet/net-address';
import type { DnsScope } from './dns-domain.js';
import { fullNameOf, type DnsEntry, type DnsLabel, type DnsName, type DomainName } from './dns-name.js';
import type { DnsRecordStore, DnsRecordTransaction } from './dns-record-store.port.js';
import { FloatingIpDNSExists, NotFound } from './errors.js';

export interface RecordChange {
  /** 32 characters, oslo's `_unique_id`: a request that comes again changes nothing. */
  readonly requestId?: string | undefined;
  /** Only in a domain that is registered with this scope; absent: in any. */
  readonly registeredAs?: DnsScope | undefined;
}

/** A name as it is asked for, and the answer. */
export interface ServedName {
  readonly name: string;
  readonly address: Ipv4;
}

/** Which name stands for which address. A name stands for one. */
export class DnsRecords {
  constructor(private readonly store: DnsRecordStore) {}

  /** Throws FloatingIpDNSExists; NotFound without the domain. */
  add(entry: DnsEntry, change: RecordChange = {}): Promise<void> {
    return this.change(entry, change, async (transaction) => {
      if (!(await transaction.insert(entry))) throw new FloatingIpDNSExists(entry.name, entry.domain);
    });
  }

  /** Gives a name another address. Throws NotFound. */
  move(entry: DnsEntry, change: RecordChange = {}): Promise<void> {
    return this.change(entry, change, async (transaction) => {
      if (!(await transaction.update(entry))) throw noEntry(entry);
    });
  }

  /** Throws NotFound. */
  remove(name: DnsName, change: RecordChange = {}): Promise<void> {
    return this.change(name, change, async (transaction) => {
      if (!(await transaction.delete(name))) throw noEntry(name);
    });
  }

  /** Every record of the domain. Repeatable. */
  async removeDomain(domain: DomainName): Promise<void> {
    await this.store.deleteDomain(domain);
  }

  /** The names of an address in one domain, in order. */
  namesOf(address: Ipv4, domain: DomainName): Promise<DnsLabel[]> {
    return this.store.namesOf(address, domain);
  }

  /** One address, or none. */
  addressesOf(name: DnsName): Promise<Ipv4[]> {
    return this.store.addressesOf(name);
  }

  /** All that name servers are to answer, in a stable order. No name comes twice. */
  async all(): Promise<ServedName[]> {
    const entries = await this.store.list();
    return entries.map((entry) => ({ name: fullNameOf(entry), address: entry.address }));
  }

  private change(
    target: DnsName,
    { requestId, registeredAs }: RecordChange,
    work: (transaction: DnsRecordTransaction) => Promise<void>,
  ): Promise<void> {
    return this.store.transaction(async (transaction) => {
      if (requestId !== undefined && !(await transaction.remember(requestId))) return;
      if (registeredAs !== undefined && (await transaction.keepDomain(target.domain)) !== registeredAs) {
        throw new NotFound(`DNS domain ${target.domain}`);
      }
      await work(transaction);
    });
  }
}

function noEntry(name: DnsName): NotFound {
  return new NotFound(`DNS entry ${fullNameOf(name)}`);
}
