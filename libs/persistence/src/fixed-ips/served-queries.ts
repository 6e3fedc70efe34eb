import type { InstanceName, ServedAddress, ServedRows } from '@novanet/ipam';
import { Ipv4, Mac, parseHostName, type HostName } from '@novanet/net-address';
import type { EntityManager } from 'typeorm';
import { findNetworksBy } from '../networks/network-queries.js';
import { toLease, type LeaseColumns } from './fixed-ip-rows.js';

interface ServedRow extends LeaseColumns {
  readonly networkId: number;
  readonly address: string;
  readonly vifId: number | null;
  readonly vifMac: string | null;
  readonly hostname: string | null;
  readonly instanceUuid: string | null;
  readonly isElsewhere: number;
  readonly isFirstNic: number;
}

const servedRows = (isElsewhere: string) => `
  SELECT s.network_id AS networkId, f.address, f.vif_id AS vifId, v.mac AS vifMac, i.hostname,
         f.instance_uuid AS instanceUuid, f.leased AS isLeased, f.lease_mac AS leaseMac,
         f.lease_host AS leaseHost, f.lease_expires_at AS leaseExpiresAt, ${isElsewhere} AS isElsewhere,
         NOT EXISTS (SELECT 1 FROM virtual_interfaces o
                      WHERE o.instance_uuid = v.instance_uuid AND o.id < v.id) AS isFirstNic
    FROM subnets s
    JOIN networks n ON n.id = s.network_id
    JOIN fixed_ips f ON f.subnet_id = s.id AND f.role IN ('instance', 'vpn')
    LEFT JOIN virtual_interfaces v ON v.id = f.vif_id
    LEFT JOIN instances i ON i.uuid = f.instance_uuid`;

/** Instances of the host, and those that are on their way to it. */
export const HOST_INSTANCES =
  'SELECT uuid FROM instances WHERE host = ? UNION SELECT instance_uuid FROM expected_instances WHERE host = ?';

/**
 * An instance that has left the host for another one is not served here any more, though the host gave the lease: two
 * hosts would answer it, each as its router. Of one that is nowhere the host keeps the lease.
 */
const IS_ELSEWHERE = `(n.multi_host = 1 AND i.host IS NOT NULL AND i.uuid NOT IN (${HOST_INSTANCES}))`;

/** In four queries. */
export async function findServedBy(manager: EntityManager, host: HostName): Promise<ServedRows> {
  const ids = await findServedNetworkIds(manager, host);
  if (ids.length === 0) return { networks: [], addresses: [], hostAddresses: new Map() };
  const networks = await findNetworksBy(manager, { ids });
  const rows = await manager.query<ServedRow[]>(
    `${servedRows(IS_ELSEWHERE)}
      WHERE s.network_id IN (?) AND s.version = 4 AND f.instance_uuid IS NOT NULL
        AND (n.multi_host = 0 OR i.uuid IN (${HOST_INSTANCES}) OR f.lease_host = ?)
      ORDER BY f.id`,
    [host, host, ids, host, host, host],
  );
  const hostAddresses = await findHostAddresses(manager, host, ids);
  return { networks, addresses: rows.map(toServedAddress), hostAddresses };
}

/** nova takes a single-host network for served where merely an instance of it runs, and starts a second DHCP server. */
async function findServedNetworkIds(manager: EntityManager, host: HostName): Promise<number[]> {
  const rows = await manager.query<{ id: number }[]>(
    `SELECT id FROM networks WHERE multi_host = 0 AND host = ?
     UNION
     SELECT n.id FROM (${HOST_INSTANCES}) i
       JOIN virtual_interfaces v ON v.instance_uuid = i.uuid
       JOIN networks n ON n.id = v.network_id AND n.multi_host = 1
     UNION
     SELECT n.id FROM networks n
       JOIN subnets s ON s.network_id = n.id
       JOIN fixed_ips f ON f.subnet_id = s.id AND f.host = ?
      WHERE n.multi_host = 1`,
    [host, host, host, host],
  );
  return rows.map(({ id }) => id);
}

/** Network id → the host's own address there. */
async function findHostAddresses(
  manager: EntityManager,
  host: HostName,
  networkIds: readonly number[],
): Promise<Map<number, Ipv4>> {
  const rows = await manager.query<{ networkId: number; address: string }[]>(
    `SELECT s.network_id AS networkId, f.address FROM fixed_ips f
       JOIN subnets s ON s.id = f.subnet_id AND s.version = 4
      WHERE f.host = ? AND s.network_id IN (?)`,
    [host, networkIds],
  );
  return new Map(rows.map((row) => [row.networkId, Ipv4.parse(row.address)]));
}

export async function findNamedIn(
  manager: EntityManager,
  networkIds: readonly number[],
): Promise<InstanceName[]> {
  const rows = await manager.query<{ networkId: number; address: string; hostname: string }[]>(
    `SELECT s.network_id AS networkId, f.address, i.hostname FROM subnets s
       JOIN fixed_ips f ON f.subnet_id = s.id AND f.role IN ('instance', 'vpn') AND f.allocated = 1
       JOIN instances i ON i.uuid = f.instance_uuid
      WHERE s.network_id IN (?) AND s.version = 4 ORDER BY f.id`,
    [networkIds],
  );
  return rows.map((row) => ({ ...row, address: Ipv4.parse(row.address) }));
}

export async function findLeasedIn(manager: EntityManager, networkId: number): Promise<ServedAddress[]> {
  const rows = await manager.query<ServedRow[]>(
    `${servedRows('0')} WHERE s.network_id = ? AND s.version = 4 AND f.leased = 1 ORDER BY f.id`,
    [networkId],
  );
  return rows.map(toServedAddress);
}

function toServedAddress(row: ServedRow): ServedAddress {
  const { vifId, vifMac, hostname, instanceUuid, isElsewhere } = row;
  const isOwned = vifId !== null && vifMac !== null && hostname !== null && instanceUuid !== null;
  return {
    networkId: row.networkId,
    address: Ipv4.parse(row.address),
    owner:
      isOwned && isElsewhere !== 1
        ? { mac: Mac.parse(vifMac), hostname, instanceUuid, vifId, isFirstNic: row.isFirstNic === 1 }
        : null,
    lease: toLease(row),
  };
}

/** The owner of a single-host network; the hosts of a multi-host network's instances, and those with an address in it. */
export async function findServersOf(manager: EntityManager, networkId: number): Promise<HostName[]> {
  const rows = await manager.query<{ host: string }[]>(
    `SELECT host FROM networks WHERE id = ? AND multi_host = 0 AND host IS NOT NULL
     UNION
     SELECT i.host FROM virtual_interfaces v
       JOIN networks n ON n.id = v.network_id AND n.multi_host = 1
       JOIN instances i ON i.uuid = v.instance_uuid
      WHERE v.network_id = ? AND i.host IS NOT NULL
     UNION
     SELECT e.host FROM virtual_interfaces v
       JOIN networks n ON n.id = v.network_id AND n.multi_host = 1
       JOIN expected_instances e ON e.instance_uuid = v.instance_uuid
      WHERE v.network_id = ?
     UNION
     SELECT f.host FROM subnets s
       JOIN networks n ON n.id = s.network_id AND n.multi_host = 1
       JOIN fixed_ips f ON f.subnet_id = s.id
      WHERE s.network_id = ? AND f.host IS NOT NULL`,
    [networkId, networkId, networkId, networkId],
  );
  return rows.map(({ host }) => parseHostName(host));
}
