import {
  DnsDomainStore,
  tryParseDomainName,
  type DnsDomain,
  type DnsDomainPut,
  type DnsDomainTransaction,
  type DnsScope,
  type DomainName,
} from '@novanet/ipam';
import type { EntityManager } from 'typeorm';
import type { Database } from '../database/database.js';
import type { WriteResult } from '../database/write-result.js';
import { DnsDomainEntity, ProcessedRequestEntity } from '../schema/support.entity.js';

export class TypeormDnsDomainStore extends DnsDomainStore {
  constructor(private readonly database: Database) {
    super();
  }

  put(domain: DnsDomain): Promise<DnsDomainPut> {
    const zone = domain.scope === 'private' ? domain.availabilityZone : null;
    const projectId = domain.scope === 'public' ? domain.projectId : null;
    return this.database.transaction(async (manager) => {
      const { affectedRows } = await manager.query<WriteResult>(
        `INSERT INTO dns_domains (domain, scope, availability_zone, project_id) VALUES (?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE
           availability_zone = IF(scope = VALUES(scope), VALUES(availability_zone), availability_zone),
           project_id = IF(scope = VALUES(scope), VALUES(project_id), project_id)`,
        [domain.domain, domain.scope, zone, projectId],
      );
      const row = await manager.findOneByOrFail(DnsDomainEntity, { domain: domain.domain });
      // 1: inserted, or as it was; 2: updated
      return { scope: scopeOf(row.scope), isChanged: affectedRows === 2 };
    });
  }

  async find(domain: DomainName): Promise<DnsDomain | undefined> {
    const row = await this.database.run((manager) => manager.findOneBy(DnsDomainEntity, { domain }));
    return row ? toDomain(row) : undefined;
  }

  async list(): Promise<DnsDomain[]> {
    const rows = await this.database.run((manager) =>
      manager.find(DnsDomainEntity, { order: { domain: 'ASC' } }),
    );
    return rows.flatMap((row) => toDomain(row) ?? []);
  }

  transaction<T>(work: (transaction: DnsDomainTransaction) => Promise<T>): Promise<T> {
    return this.database.transaction((manager) => work(new TypeormDnsDomainTransaction(manager)));
  }
}

class TypeormDnsDomainTransaction implements DnsDomainTransaction {
  constructor(private readonly manager: EntityManager) {}

  async lock(domain: DomainName): Promise<DnsScope | undefined> {
    const [row] = await this.manager.query<{ scope: string }[]>(
      'SELECT scope FROM dns_domains WHERE domain = ? FOR UPDATE',
      [domain],
    );
    return row && scopeOf(row.scope);
  }

  async delete(domain: DomainName): Promise<void> {
    await this.manager.delete(DnsDomainEntity, { domain });
  }

  async recall(requestId: string): Promise<DnsScope | undefined> {
    const request = await this.manager.findOneBy(ProcessedRequestEntity, { uniqueId: requestId });
    return request ? scopeIn(request.reply) : undefined;
  }

  async remember(requestId: string, scope: DnsScope): Promise<void> {
    await this.manager.insert(ProcessedRequestEntity, {
      uniqueId: requestId,
      reply: JSON.stringify({ scope }),
    });
  }
}

/** Undefined for a row that somebody else wrote with what is no domain. */
function toDomain({
  domain: text,
  scope,
  availabilityZone,
  projectId,
}: DnsDomainEntity): DnsDomain | undefined {
  const domain = tryParseDomainName(text);
  if (domain === undefined) return undefined;
  return scopeOf(scope) === 'private'
    ? { domain, scope: 'private', availabilityZone }
    : { domain, scope: 'public', projectId };
}

function scopeIn(reply: string): DnsScope {
  const parsed: unknown = JSON.parse(reply);
  const isReply = typeof parsed === 'object' && parsed !== null && 'scope' in parsed;
  return scopeOf(isReply ? parsed.scope : undefined);
}

/** What is not public, no project may use. */
export function scopeOf(value: unknown): DnsScope {
  return value === 'public' ? 'public' : 'private';
}
