import type { DnsDomain, DnsScope } from './dns-domain.js';
import type { DnsDomainStore } from './dns-domain-store.port.js';
import type { DomainName } from './dns-name.js';
import { FloatingIpDNSExists, NotFound } from './errors.js';

/** The domains that administrators registered. */
export class DnsDomainDirectory {
  constructor(private readonly store: DnsDomainStore) {}

  /**
   * Repeatable. A domain that exists gets the new zone or project; answers whether that happened. Throws
   * FloatingIpDNSExists when it exists with the other scope: nova turns a project's domain into the instances' one, with
   * all records in it.
   */
  async register(domain: DnsDomain): Promise<boolean> {
    const { scope, isChanged } = await this.store.put(domain);
    if (scope !== domain.scope) throw new FloatingIpDNSExists(domain.domain, domain.domain);
    return isChanged;
  }

  find(domain: DomainName): Promise<DnsDomain | undefined> {
    return this.store.find(domain);
  }

  /** By name. */
  list(): Promise<DnsDomain[]> {
    return this.store.list();
  }

  /**
   * Answers the scope of the domain that is gone, whose records are to go next; undefined when it was this request that
   * deleted it, and it has been registered again since. Throws NotFound.
   */
  unregister(domain: DomainName, requestId: string): Promise<DnsScope | undefined> {
    return this.store.transaction(async (transaction) => {
      const scope = await transaction.lock(domain);
      const deleted = await transaction.recall(requestId);
      if (deleted !== undefined) return scope === undefined ? deleted : undefined;
      if (scope === undefined) throw new NotFound(`DNS domain ${domain}`);
      await transaction.delete(domain);
      await transaction.remember(requestId, scope);
      return scope;
    });
  }
}
