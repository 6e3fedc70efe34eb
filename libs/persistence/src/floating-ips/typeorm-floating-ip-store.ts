import {
  FloatingIpStore,
  type FloatingIp,
  type FloatingIpFilter,
  type FloatingIpPool,
  type FloatingIpTransaction,
} from '@novanet/ipam';
import type { Database } from '../database/database.js';
import { findFloatingIps, findPools } from './floating-ip-queries.js';
import { TypeormFloatingIpTransaction } from './typeorm-floating-ip-transaction.js';

export class TypeormFloatingIpStore extends FloatingIpStore {
  constructor(private readonly database: Database) {
    super();
  }

  transaction<T>(work: (transaction: FloatingIpTransaction) => Promise<T>): Promise<T> {
    return this.database.transaction((manager) => work(new TypeormFloatingIpTransaction(manager)));
  }

  pools(): Promise<FloatingIpPool[]> {
    return this.database.run(findPools);
  }

  find(filter: FloatingIpFilter): Promise<FloatingIp[]> {
    return this.database.run((manager) => findFloatingIps(manager, filter));
  }
}
