import {
  DnsRecordStore,
  parseInstanceDomain,
  tryParseDnsLabel,
  tryParseDomainName,
  type DnsEntry,
  type DnsLabel,
  type DnsName,
  type DnsRecordTransaction,
  type DomainName,
} from '@novanet/ipam';
import { Ipv4 } from '@novanet/net-address';
import type { Database } from '../database/database.js';
import { DnsEntryEntity } from '../schema/support.entity.js';
import { TypeormDnsRecordTransaction } from './typeorm-dns-record-transaction.js';

export class TypeormDnsRecordStore extends DnsRecordStore {
  constructor(private readonly database: Database) {
    super();
  }

  transaction<T>(work: (transaction: DnsRecordTransaction) => Promise<T>): Promise<T> {
    return this.database.transaction((manager) => work(new TypeormDnsRecordTransaction(manager)));
  }

  async list(): Promise<DnsEntry[]> {
    const rows = await this.database.run((manager) =>
      manager.find(DnsEntryEntity, { order: { domain: 'ASC', name: 'ASC' } }),
    );
    return rows.flatMap((row) => toEntry(row) ?? []);
  }

  async namesOf(address: Ipv4, domain: DomainName): Promise<DnsLabel[]> {
    const rows = await this.database.run((manager) =>
      manager.find(DnsEntryEntity, {
        where: { address: address.toString(), domain },
        order: { name: 'ASC' },
      }),
    );
    return rows.flatMap((row) => toEntry(row)?.name ?? []);
  }

  async addressesOf({ name, domain }: DnsName): Promise<Ipv4[]> {
    const row = await this.database.run((manager) => manager.findOneBy(DnsEntryEntity, { name, domain }));
    const entry = row && toEntry(row);
    return entry ? [entry.address] : [];
  }

  async deleteDomain(domain: DomainName): Promise<number> {
    const result = await this.database.run((manager) => manager.delete(DnsEntryEntity, { domain }));
    return result.affected ?? 0;
  }
}

function toEntry(row: DnsEntryEntity): DnsEntry | undefined {
  const name = tryParseDnsLabel(row.name);
  const domain = row.domain === '' ? parseInstanceDomain('') : tryParseDomainName(row.domain);
  const address = Ipv4.tryParse(row.address);
  return name !== undefined && domain !== undefined && address ? { name, domain, address } : undefined;
}
