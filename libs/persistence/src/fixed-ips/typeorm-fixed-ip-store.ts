import {
  Batcher,
  FixedIpStore,
  type AddressCounts,
  type AddressPool,
  type FixedIp,
  type FixedIpFilter,
  type FixedIpTransaction,
  type ListedFixedIp,
  type HostAddressOutcome,
  type LeaseEvent,
  type Nic,
  type RingCursor,
  type InstanceName,
  type ServedAddress,
  type ServedRows,
  type StaleCounts,
  type VirtualInterface,
} from '@novanet/ipam';
import type { HostName, IpAddress, Mac } from '@novanet/net-address';
import type { Database } from '../database/database.js';
import type { WriteResult } from '../database/write-result.js';
import { findDeletedHolders } from './deleted-holders.js';
import { findFixedIpByAddress, findFixedIpById, findHostAddress, findVifByMac } from './fixed-ip-queries.js';
import { deleteHostAddresses, insertHostAddress } from './host-address-queries.js';
import { recordLease } from './lease-queries.js';
import { listFixedIps } from './list-fixed-ips.js';
import { fixedIpLimitsOf } from './quota-queries.js';
import { reserveAddress, unreserveAddress } from './reservation-queries.js';
import { isDeallocationRemembered, recallAddresses } from './request-queries.js';
import { findAllNics, findNics, findNicsOn } from './nic-queries.js';
import { findLeasedIn, findNamedIn, findServedBy, findServersOf } from './served-queries.js';
import { deleteStaleInstances, deleteUnallocated, freeOrphans } from './stale-queries.js';
import { SqlRingCursor } from './sql-ring-cursor.js';
import { countAddresses } from './usage-queries.js';
import { TypeormFixedIpTransaction } from './typeorm-fixed-ip-transaction.js';

export class TypeormFixedIpStore extends FixedIpStore {
  private readonly limits = new Batcher((projectIds: readonly string[]) => this.limitOfEach(projectIds));
  private readonly nics = new Batcher((uuids: readonly string[]) => this.nicsOfEach(uuids));

  constructor(private readonly database: Database) {
    super();
  }

  transaction<T>(work: (transaction: FixedIpTransaction) => Promise<T>): Promise<T> {
    return this.database.transaction((manager) => work(new TypeormFixedIpTransaction(manager)));
  }

  cursorOf(subnetId: number, pool: AddressPool): RingCursor {
    return new SqlRingCursor(this.database, subnetId, pool);
  }

  fixedIpLimitOf(projectId: string): Promise<number | undefined> {
    return this.limits.ask(projectId);
  }

  private async limitOfEach(projectIds: readonly string[]): Promise<(number | undefined)[]> {
    const limits = await this.database.run((manager) => fixedIpLimitsOf(manager, [...new Set(projectIds)]));
    return projectIds.map((projectId) => limits.get(projectId));
  }

  nicsOf(instanceUuid: string): Promise<Nic[]> {
    return this.nics.ask(instanceUuid);
  }

  private async nicsOfEach(instanceUuids: readonly string[]): Promise<Nic[][]> {
    const nics = await this.database.run((manager) => findNics(manager, [...new Set(instanceUuids)]));
    const byInstance = Map.groupBy(nics, ({ vif }) => vif.instanceUuid);
    return instanceUuids.map((uuid) => byInstance.get(uuid) ?? []);
  }

  async confirm(instanceUuid: string, vifIds: ReadonlySet<number>): Promise<boolean> {
    if (vifIds.size === 0) return true;
    const write = this.database.run((manager) =>
      manager.query<WriteResult>(
        'UPDATE virtual_interfaces SET confirmed = 1 WHERE instance_uuid = ? AND id IN (?)',
        [instanceUuid, [...vifIds]],
      ),
    );
    const result = await write;
    return result.affectedRows === vifIds.size;
  }

  findByAddress(address: IpAddress): Promise<FixedIp | undefined> {
    return this.database.run((manager) => findFixedIpByAddress(manager, address));
  }

  findById(id: number): Promise<FixedIp | undefined> {
    return this.database.run((manager) => findFixedIpById(manager, id));
  }

  list(filter: FixedIpFilter): Promise<ListedFixedIp[]> {
    return this.database.run((manager) => listFixedIps(manager, filter));
  }

  findVifByMac(mac: Mac): Promise<VirtualInterface | undefined> {
    return this.database.run((manager) => findVifByMac(manager, mac));
  }

  allNics(): Promise<Nic[]> {
    return this.database.run((manager) => findAllNics(manager));
  }

  nicsOn(host: HostName): Promise<Nic[]> {
    return this.database.run((manager) => findNicsOn(manager, host));
  }

  hostAddressOf(subnetId: number, host: HostName): Promise<IpAddress | undefined> {
    return this.database.run((manager) => findHostAddress(manager, subnetId, host));
  }

  insertHostAddress(subnetId: number, address: IpAddress, host: HostName): Promise<HostAddressOutcome> {
    return this.database.run((manager) => insertHostAddress(manager, { subnetId, address, host }));
  }

  deleteHostAddresses(of: Parameters<FixedIpStore['deleteHostAddresses']>[0]): Promise<IpAddress[]> {
    return this.database.run((manager) => deleteHostAddresses(manager, of));
  }

  reserve(subnetId: number, address: IpAddress): Promise<FixedIp | undefined> {
    return this.database.run((manager) => reserveAddress(manager, subnetId, address));
  }

  unreserve(subnetId: number, address: IpAddress): Promise<FixedIp | undefined> {
    return this.database.run((manager) => unreserveAddress(manager, subnetId, address));
  }

  recall(requestId: string): Promise<readonly IpAddress[] | undefined> {
    return this.database.run((manager) => recallAddresses(manager, requestId));
  }

  recordLease(event: LeaseEvent): Promise<boolean> {
    return this.database.run((manager) => recordLease(manager, event));
  }

  wasDeallocated(instanceUuid: string, withinSeconds: number): Promise<boolean> {
    return this.database.run((manager) => isDeallocationRemembered(manager, instanceUuid, withinSeconds));
  }

  async deleteStale(host: HostName, before: Date): Promise<StaleCounts> {
    const orphaned = await freeOrphans(this.database, before);
    return this.database.run(async (manager) => ({
      orphaned,
      ...(await deleteUnallocated(manager, host, before)),
      instances: await deleteStaleInstances(manager, before),
    }));
  }

  deletedHolders(before: Date): Promise<string[]> {
    return this.database.run((manager) => findDeletedHolders(manager, before));
  }

  servedBy(host: HostName): Promise<ServedRows> {
    return this.database.run((manager) => findServedBy(manager, host));
  }

  serversOf(networkId: number): Promise<HostName[]> {
    return this.database.run((manager) => findServersOf(manager, networkId));
  }

  namedIn(networkIds: readonly number[]): Promise<InstanceName[]> {
    return this.database.run((manager) => findNamedIn(manager, networkIds));
  }

  countAddresses(subnet: Parameters<FixedIpStore['countAddresses']>[0]): Promise<AddressCounts> {
    return this.database.run((manager) => countAddresses(manager, subnet));
  }

  leasedIn(networkId: number): Promise<ServedAddress[]> {
    return this.database.run((manager) => findLeasedIn(manager, networkId));
  }
}
