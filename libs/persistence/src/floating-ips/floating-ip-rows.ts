import type { FloatingIp, FloatingIpAssociation, RememberedRequest } from '@novanet/ipam';
import { Ipv4, parseDeviceName, parseHostName } from '@novanet/net-address';

/** Plain values only: it is also the form in which a request's outcome is remembered. */
export interface FloatingIpRow {
  readonly id: number;
  readonly address: string;
  readonly pool: string;
  readonly interface: string | null;
  readonly projectId: string | null;
  readonly autoAssigned: number;
  readonly host: string | null;
  /** `updated_at` as text: a Date has no microseconds. */
  readonly revision: string | null;
  readonly createdAt: Date | string;
  readonly updatedAt: Date | string | null;
  readonly fixedIpId: number | null;
  readonly fixedAddress: string | null;
  readonly instanceUuid: string | null;
  readonly networkId: number | null;
}

/** An address that its instance gave back may still drain: nothing stands for it any more. */
export const FLOATING_IP_ROWS = `
  SELECT f.id, f.address, p.name AS pool, f.interface, f.project_id AS projectId, f.auto_assigned AS autoAssigned,
         f.host, CAST(f.updated_at AS CHAR) AS revision, f.created_at AS createdAt, f.updated_at AS updatedAt,
         x.id AS fixedIpId, x.address AS fixedAddress, x.instance_uuid AS instanceUuid, s.network_id AS networkId
    FROM floating_ips f
    JOIN floating_ip_pools p ON p.id = f.pool_id
    LEFT JOIN fixed_ips x ON x.id = f.fixed_ip_id AND x.allocated = 1
    LEFT JOIN subnets s ON s.id = x.subnet_id`;

export function floatingIpIn(row: FloatingIpRow): FloatingIp {
  const association = associationIn(row);
  return {
    id: row.id,
    address: Ipv4.parse(row.address),
    pool: row.pool,
    interface: row.interface === null ? null : parseDeviceName(row.interface),
    projectId: row.projectId,
    isAutoAssigned: row.autoAssigned === 1,
    host: row.host === null || !association ? null : parseHostName(row.host),
    association,
    revision: row.revision,
    createdAt: new Date(row.createdAt),
    updatedAt: row.updatedAt === null ? null : new Date(row.updatedAt),
  };
}

function associationIn(row: FloatingIpRow): FloatingIpAssociation | null {
  const { fixedIpId, fixedAddress, instanceUuid, networkId } = row;
  if (fixedIpId === null || fixedAddress === null || instanceUuid === null || networkId === null) return null;
  return { fixedIpId, fixedAddress: Ipv4.parse(fixedAddress), instanceUuid, networkId };
}

function floatingIpRow({ address, isAutoAssigned, association, ...plain }: FloatingIp): FloatingIpRow {
  return {
    ...plain,
    address: address.toString(),
    autoAssigned: isAutoAssigned ? 1 : 0,
    fixedIpId: association?.fixedIpId ?? null,
    fixedAddress: association?.fixedAddress.toString() ?? null,
    instanceUuid: association?.instanceUuid ?? null,
    networkId: association?.networkId ?? null,
  };
}

interface FloatingIpReply {
  readonly before?: FloatingIpRow;
  readonly after?: FloatingIpRow;
}

/** What `processed_requests` keeps of a request. */
export function replyOf({ before, after }: RememberedRequest): string {
  const reply: FloatingIpReply = {
    ...(before && { before: floatingIpRow(before) }),
    ...(after && { after: floatingIpRow(after) }),
  };
  return JSON.stringify(reply);
}

export function requestIn(reply: string): RememberedRequest {
  const { before, after }: FloatingIpReply = JSON.parse(reply);
  return {
    ...(before && { before: floatingIpIn(before) }),
    ...(after && { after: floatingIpIn(after) }),
  };
}
