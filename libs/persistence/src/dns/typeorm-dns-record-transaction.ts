import type { DnsEntry, DnsName, DnsRecordTransaction, DnsScope, DomainName } from '@novanet/ipam';
import type { EntityManager } from 'typeorm';
import { duplicateKeyOf } from '../database/driver-error.js';
import type { WriteResult } from '../database/write-result.js';
import { scopeOf } from './typeorm-dns-domain-store.js';

export class TypeormDnsRecordTransaction implements DnsRecordTransaction {
  constructor(private readonly manager: EntityManager) {}

  remember(requestId: string): Promise<boolean> {
    return this.insertUnique("INSERT INTO processed_requests (unique_id, reply) VALUES (?, 'null')", [
      requestId,
    ]);
  }

  async keepDomain(domain: DomainName): Promise<DnsScope | undefined> {
    const [row] = await this.manager.query<{ scope: string }[]>(
      'SELECT scope FROM dns_domains WHERE domain = ? LOCK IN SHARE MODE',
      [domain],
    );
    return row && scopeOf(row.scope);
  }

  insert({ domain, name, address }: DnsEntry): Promise<boolean> {
    return this.insertUnique("INSERT INTO dns_entries (domain, name, type, address) VALUES (?, ?, 'A', ?)", [
      domain,
      name,
      address.toString(),
    ]);
  }

  async update({ domain, name, address }: DnsEntry): Promise<boolean> {
    const { affectedRows } = await this.manager.query<WriteResult>(
      'UPDATE dns_entries SET address = ? WHERE domain = ? AND name = ?',
      [address.toString(), domain, name],
    );
    return affectedRows > 0;
  }

  async delete({ domain, name }: DnsName): Promise<boolean> {
    const { affectedRows } = await this.manager.query<WriteResult>(
      'DELETE FROM dns_entries WHERE domain = ? AND name = ?',
      [domain, name],
    );
    return affectedRows > 0;
  }

  /** False when the row is there already: the unique key decides between those who come at once. */
  private async insertUnique(statement: string, values: readonly string[]): Promise<boolean> {
    try {
      await this.manager.query(statement, [...values]);
      return true;
    } catch (error) {
      if (duplicateKeyOf(error) === undefined) throw error;
      return false;
    }
  }
}
