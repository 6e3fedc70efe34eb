import type { ServedAddress, ServedRows } from '@novanet/ipam';
import { Ipv4, Mac, type HostName } from '@novanet/net-address';
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
}

const SERVED_ROWS = `
  SELECT s.network_id AS networkId, f.address, f.vif_id AS vifId, v.mac AS vifMac, i.hostname,
         f.instance_uuid AS instanceUuid, f.leased AS isLeased, f.lease_mac AS leaseMac,
         f.lease_host AS leaseHost, f.lease_expires_at AS leaseExpiresAt
    FROM subnets s
    JOIN networks n ON n.id = s.network_id
    JOIN fixed_ips f ON f.subnet_id = s.id AND f.role = 'instance'
    LEFT JOIN virtual_interfaces v ON v.id = f.vif_id
    LEFT JOIN instances i ON i.uuid = f.instance_uuid`;

/** In three queries. */
export async function findServedBy(manager: EntityManager, host: HostName): Promise<ServedRows> {
  const ids = await findServedNetworkIds(manager, host);
  if (ids.length === 0) return { networks: [], addresses: [] };
  const networks = await findNetworksBy(manager, { ids });
  const rows = await manager.query<ServedRow[]>(
    `${SERVED_ROWS}
      WHERE s.network_id IN (?) AND s.version = 4 AND (n.multi_host = 0 OR i.host = ? OR f.lease_host = ?)
      ORDER BY f.id`,
    [ids, host, host],
  );
  return { networks, addresses: rows.map(toServedAddress) };
}

/** nova takes a single-host network for served where merely an instance of it runs, and starts a second DHCP server. */
async function findServedNetworkIds(manager: EntityManager, host: HostName): Promise<number[]> {
  const rows = await manager.query<{ id: number }[]>(
    `SELECT id FROM networks WHERE multi_host = 0 AND host = ?
     UNION
     SELECT n.id FROM instances i
       JOIN virtual_interfaces v ON v.instance_uuid = i.uuid
       JOIN networks n ON n.id = v.network_id AND n.multi_host = 1
      WHERE i.host = ?
     UNION
     SELECT n.id FROM networks n
       JOIN subnets s ON s.network_id = n.id
       JOIN fixed_ips f ON f.subnet_id = s.id AND f.host = ?
      WHERE n.multi_host = 1`,
    [host, host, host],
  );
  return rows.map(({ id }) => id);
}

export async function findLeasedIn(manager: EntityManager, networkId: number): Promise<ServedAddress[]> {
  const rows = await manager.query<ServedRow[]>(
    `${SERVED_ROWS} WHERE s.network_id = ? AND s.version = 4 AND f.leased = 1 ORDER BY f.id`,
    [networkId],
  );
  return rows.map(toServedAddress);
}

function toServedAddress(row: ServedRow): ServedAddress {
  const { vifId, vifMac, hostname, instanceUuid } = row;
  const isOwned = vifId !== null && vifMac !== null && hostname !== null && instanceUuid !== null;
  return {
    networkId: row.networkId,
    address: Ipv4.parse(row.address),
    owner: isOwned ? { mac: Mac.parse(vifMac), hostname, instanceUuid, vifId } : null,
    lease: toLease(row),
  };
}
