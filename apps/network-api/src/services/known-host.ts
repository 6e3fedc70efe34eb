import { HostBinaryNotFound } from '@novanet/ipam';
import type { CloudDatabase } from '../database/cloud-database.js';
import { novaBinary } from './nova-binary.js';

const WORKER = 'nova-network';

/** Throws HostBinaryNotFound for a host of which no worker ever reported: that is the asker's mistake, not an outage. */
export async function requireKnownHost(
  database: CloudDatabase,
  host: string | null | undefined,
): Promise<void> {
  if (!host) return;
  const services = await database.services.list();
  const isKnown = services.some((service) => service.host === host && novaBinary(service.binary) === WORKER);
  if (!isKnown) throw new HostBinaryNotFound(host, WORKER);
}
