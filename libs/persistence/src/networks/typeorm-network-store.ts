import {
  Batcher,
  NetworkStore,
  type Network,
  type NetworkChanges,
  type NetworkKeys,
  type NetworkTransaction,
} from '@novanet/ipam';
import { parseHostName, type HostName, type Ipv4 } from '@novanet/net-address';
import { LessThan } from 'typeorm';
import type { Database } from '../database/database.js';
import { NetworkEntity } from '../schema/network.entity.js';
import { ProcessedRequestEntity } from '../schema/support.entity.js';
import { findNetworks, findNetworksBy, updateNetwork } from './network-queries.js';
import { TypeormNetworkTransaction } from './typeorm-network-transaction.js';

export class TypeormNetworkStore extends NetworkStore {
  private readonly all = new Batcher(async (askers: readonly void[]) => {
    const networks = await this.database.run((manager) => findNetworks(manager));
    return askers.map(() => networks);
  });

  constructor(private readonly database: Database) {
    super();
  }

  transaction<T>(work: (transaction: NetworkTransaction) => Promise<T>): Promise<T> {
    return this.database.transaction((manager) => work(new TypeormNetworkTransaction(manager)));
  }

  list(): Promise<Network[]> {
    return this.all.ask();
  }

  find(keys: NetworkKeys): Promise<Network[]> {
    return this.database.run((manager) => findNetworksBy(manager, keys));
  }

  claimHost(
    networkId: number,
    host: HostName,
    vpnPublicAddress: Ipv4 | null,
  ): Promise<HostName | null | undefined> {
    return this.database.transaction(async (manager) => {
      // all of the host's, whatever they say: READ COMMITTED does not keep rows locked that do not fit a condition
      const services = await manager.query<{ disabled: number }[]>(
        'SELECT disabled FROM services WHERE host = ? LOCK IN SHARE MODE',
        [host],
      );
      const isOpen = services.every(({ disabled }) => disabled === 0);
      await manager.query(
        `UPDATE networks SET host = ?, vpn_public_address = COALESCE(vpn_public_address, ?)
          WHERE id = ? AND multi_host = 0 AND (host = ? OR (host IS NULL AND ?))`,
        [host, vpnPublicAddress && vpnPublicAddress.toString(), networkId, host, isOpen],
      );
      const row = await manager.findOne(NetworkEntity, {
        where: { id: networkId },
        select: { id: true, host: true },
      });
      if (!row) return undefined;
      // a host taken away between the two statements: the next claim decides
      if (row.host === null) return isOpen ? host : null;
      return parseHostName(row.host);
    });
  }

  async update(networkId: number, changes: NetworkChanges): Promise<void> {
    await this.database.run((manager) => updateNetwork(manager, networkId, changes));
  }

  isRemembered(requestId: string): Promise<boolean> {
    return this.database.run((manager) => manager.existsBy(ProcessedRequestEntity, { uniqueId: requestId }));
  }

  async forgetRequests(before: Date): Promise<number> {
    const result = await this.database.run((manager) =>
      manager.delete(ProcessedRequestEntity, { createdAt: LessThan(before) }),
    );
    return result.affected ?? 0;
  }
}
