import { FixedIpLedger, InstanceRegistry, NetworkCatalogue, ServiceDirectory } from '@novanet/ipam';
import type { Database } from './database/database.js';
import { TypeormFixedIpStore } from './fixed-ips/typeorm-fixed-ip-store.js';
import { TypeormInstanceStore } from './instances/typeorm-instance-store.js';
import { TypeormNetworkStore } from './networks/typeorm-network-store.js';
import { TypeormServiceStore } from './services/typeorm-service-store.js';

/** The domain's services over one database. */
export interface Ipam {
  readonly networks: NetworkCatalogue;
  readonly fixedIps: FixedIpLedger;
  readonly instances: InstanceRegistry;
  readonly services: ServiceDirectory;
}

export function createIpam(database: Database): Ipam {
  const fixedIps = new TypeormFixedIpStore(database);
  return {
    networks: new NetworkCatalogue(new TypeormNetworkStore(database)),
    fixedIps: new FixedIpLedger(fixedIps),
    instances: new InstanceRegistry(new TypeormInstanceStore(database), fixedIps),
    services: new ServiceDirectory(new TypeormServiceStore(database)),
  };
}
