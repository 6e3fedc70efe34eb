import {
  DnsDomainDirectory,
  DnsRecords,
  FixedIpLedger,
  FixedIpReservations,
  FloatingIpLedger,
  FloatingIpPools,
  InstanceRegistry,
  InstanceWhereabouts,
  NetworkCatalogue,
  ProjectQuotas,
  randomNovaMac,
  SecurityGroupBook,
  ServiceDirectory,
} from '@novanet/ipam';
import type { Database } from './database/database.js';
import { TypeormDnsDomainStore } from './dns/typeorm-dns-domain-store.js';
import { TypeormDnsRecordStore } from './dns/typeorm-dns-record-store.js';
import { TypeormFixedIpStore } from './fixed-ips/typeorm-fixed-ip-store.js';
import { TypeormFloatingIpStore } from './floating-ips/typeorm-floating-ip-store.js';
import { TypeormInstanceStore } from './instances/typeorm-instance-store.js';
import { TypeormWhereaboutsStore } from './instances/typeorm-whereabouts-store.js';
import { TypeormNetworkStore } from './networks/typeorm-network-store.js';
import { TypeormQuotaStore } from './quotas/typeorm-quota-store.js';
import { TypeormSecurityGroupStore } from './security-groups/typeorm-security-group-store.js';
import { TypeormServiceStore } from './services/typeorm-service-store.js';

/** The domain's services over one database. */
export interface Ipam {
  readonly networks: NetworkCatalogue;
  readonly fixedIps: FixedIpLedger;
  readonly reservations: FixedIpReservations;
  readonly floatingIps: FloatingIpLedger;
  readonly floatingIpPools: FloatingIpPools;
  readonly instances: InstanceRegistry;
  readonly whereabouts: InstanceWhereabouts;
  readonly services: ServiceDirectory;
  readonly quotas: ProjectQuotas;
  readonly securityGroups: SecurityGroupBook;
  readonly dnsDomains: DnsDomainDirectory;
  readonly dnsRecords: DnsRecords;
}

export interface IpamOptions {
  /** `create_unique_mac_address_attempts`. */
  readonly macAttempts?: number;
}

export function createIpam(database: Database, { macAttempts = 5 }: IpamOptions = {}): Ipam {
  const fixedIps = new TypeormFixedIpStore(database);
  const floatingIps = new TypeormFloatingIpStore(database);
  return {
    networks: new NetworkCatalogue(new TypeormNetworkStore(database)),
    fixedIps: new FixedIpLedger(fixedIps, { next: randomNovaMac, attempts: macAttempts }),
    reservations: new FixedIpReservations(fixedIps),
    floatingIps: new FloatingIpLedger(floatingIps),
    floatingIpPools: new FloatingIpPools(floatingIps),
    instances: new InstanceRegistry(new TypeormInstanceStore(database), fixedIps),
    whereabouts: new InstanceWhereabouts(new TypeormWhereaboutsStore(database)),
    services: new ServiceDirectory(new TypeormServiceStore(database)),
    quotas: new ProjectQuotas(new TypeormQuotaStore(database)),
    securityGroups: new SecurityGroupBook(new TypeormSecurityGroupStore(database)),
    dnsDomains: new DnsDomainDirectory(new TypeormDnsDomainStore(database)),
    dnsRecords: new DnsRecords(new TypeormDnsRecordStore(database)),
  };
}
