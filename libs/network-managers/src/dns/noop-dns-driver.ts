import type { DnsLabel, DomainName } from '@novanet/ipam';
import type { Ipv4 } from '@novanet/net-address';
import { DnsDriver } from './dns-driver.port.js';

/** nova's default: every call succeeds, and nothing is ever there. */
export class NoopDnsDriver extends DnsDriver {
  override async getDomains(): Promise<readonly DomainName[]> {
    return [];
  }
  override async createEntry(): Promise<void> {}
  override async deleteEntry(): Promise<void> {}
  override async modifyAddress(): Promise<void> {}
  override async getEntriesByAddress(): Promise<readonly DnsLabel[]> {
    return [];
  }
  override async getEntriesByName(): Promise<readonly Ipv4[]> {
    return [];
  }
  override async createDomain(): Promise<void> {}
  override async deleteDomain(): Promise<void> {}
}
