import {
  hasHostAddresses,
  sharedServer,
  type FixedIp,
  type Holding,
  type Network,
  type Nic,
  type VirtualInterface,
} from '@novanet/ipam';
import { Ipv4, Mac, type HostName } from '@novanet/net-address';
import type { EntityManager } from 'typeorm';
import { NETWORK_COLUMNS, networksIn, type NetworkRow } from '../networks/network-rows.js';
import { HOST_INSTANCES } from './served-queries.js';
import { FIXED_IP_COLUMNS, fixedIpIn, type FixedIpRow } from './fixed-ip-rows.js';

/** One row per floating IP, or per address without one, or per NIC without address. */
interface NicRow extends Omit<FixedIpRow, 'id'> {
  readonly id: number | null;
  readonly nicId: number;
  readonly nicUuid: string;
  readonly nicMac: string;
  readonly nicNetworkId: number;
  readonly nicInstanceUuid: string;
  readonly nicCreatedAt: Date;
  readonly floatingAddress: string | null;
}

/** With one row more for each further subnet of its network. */
type NetworkNicRow = NicRow & NetworkRow;

const NIC_COLUMNS = `
  v.id AS nicId, v.uuid AS nicUuid, v.mac AS nicMac, v.network_id AS nicNetworkId,
  v.instance_uuid AS nicInstanceUuid, v.created_at AS nicCreatedAt, v.network_id AS networkId,
  fl.address AS floatingAddress, ${FIXED_IP_COLUMNS}`;

const NIC_TABLES = `
    FROM virtual_interfaces v
    LEFT JOIN fixed_ips f ON f.vif_id = v.id
    LEFT JOIN floating_ips fl ON fl.fixed_ip_id = f.id`;

/** NICs by age, addresses by age. */
export async function findHoldings(manager: EntityManager, instanceUuid: string): Promise<Holding[]> {
  const rows = await manager.query<NicRow[]>(
    `SELECT ${NIC_COLUMNS} ${NIC_TABLES} WHERE v.instance_uuid = ? ORDER BY v.id, f.id, fl.id`,
    [instanceUuid],
  );
  return holdingsIn(rows);
}

/** Of several instances, with networks and subnets: one query, two when hosts have addresses of their own. */
export function findNics(manager: EntityManager, instanceUuids: readonly string[]): Promise<Nic[]> {
  return findNicsWhere(manager, 'WHERE v.instance_uuid IN (?)', [instanceUuids]);
}

/** Those of the instances on a host, and of those on their way to it. */
export function findNicsOn(manager: EntityManager, host: HostName): Promise<Nic[]> {
  return findNicsWhere(manager, `WHERE v.instance_uuid IN (${HOST_INSTANCES})`, [host, host]);
}

/** Those of every instance. */
export function findAllNics(manager: EntityManager): Promise<Nic[]> {
  return findNicsWhere(manager, '', []);
}

async function findNicsWhere(
  manager: EntityManager,
  condition: string,
  parameters: unknown[],
): Promise<Nic[]> {
  const rows = await manager.query<NetworkNicRow[]>(
    `SELECT ${NIC_COLUMNS}, ${NETWORK_COLUMNS} ${NIC_TABLES}
       JOIN networks n ON n.id = v.network_id
       LEFT JOIN subnets s ON s.network_id = n.id
       ${condition}
      ORDER BY v.id, f.id, fl.id, s.version, s.id`,
    parameters,
  );
  return withNetworks(manager, holdingsIn(rows), networksIn(rows));
}

function holdingsIn(rows: readonly NicRow[]): Holding[] {
  return [...Map.groupBy(rows, ({ nicId }) => nicId).values()].flatMap((own) => {
    const [first] = own;
    return first ? [{ vif: vifIn(first), fixedIps: fixedIpsIn(own) }] : [];
  });
}

function vifIn(row: NicRow): VirtualInterface {
  return {
    id: row.nicId,
    uuid: row.nicUuid,
    mac: Mac.parse(row.nicMac),
    networkId: row.nicNetworkId,
    instanceUuid: row.nicInstanceUuid,
    createdAt: row.nicCreatedAt,
  };
}

function fixedIpsIn(rows: readonly NicRow[]): FixedIp[] {
  return [...Map.groupBy(rows, ({ id }) => id)].flatMap(([id, own]) => {
    const [first] = own;
    if (id === null || !first) return [];
    return [
      fixedIpIn({ ...first, id }, [...new Set(own.flatMap(({ floatingAddress }) => floatingAddress ?? []))]),
    ];
  });
}

async function withNetworks(
  manager: EntityManager,
  holdings: readonly Holding[],
  networks: readonly Network[],
): Promise<Nic[]> {
  const hostAddresses = await hostAddressesFor(manager, holdings, networks);
  return holdings.flatMap((holding) => {
    const { networkId, instanceUuid } = holding.vif;
    const network = networks.find(({ id }) => id === networkId);
    if (!network) return [];
    const own = hostAddresses.get(`${instanceUuid} ${networkId}`);
    return [{ ...holding, network, dhcpServer: own ?? sharedServer(network) }];
  });
}

/** "instance network" → the address that the instance's host has in the network. */
async function hostAddressesFor(
  manager: EntityManager,
  holdings: readonly Holding[],
  networks: readonly Network[],
): Promise<Map<string, Ipv4>> {
  const networkIds = networks.filter(hasHostAddresses).map(({ id }) => id);
  if (networkIds.length === 0) return new Map();
  const instances = [...new Set(holdings.map(({ vif }) => vif.instanceUuid))];
  const rows = await manager.query<{ instanceUuid: string; networkId: number; address: string }[]>(
    `SELECT i.uuid AS instanceUuid, s.network_id AS networkId, f.address
       FROM instances i
       JOIN fixed_ips f ON f.host = i.host
       JOIN subnets s ON s.id = f.subnet_id AND s.version = 4
      WHERE i.uuid IN (?) AND s.network_id IN (?)`,
    [instances, networkIds],
  );
  return new Map(rows.map((row) => [`${row.instanceUuid} ${row.networkId}`, Ipv4.parse(row.address)]));
}
