import { parseIp, type IpAddress } from '@novanet/net-address';
import type { EntityManager } from 'typeorm';
import type { WriteResult } from '../database/write-result.js';

/** The addresses that a request was about; undefined when it is not known to have been carried out. */
export async function recallAddresses(
  manager: EntityManager,
  requestId: string,
): Promise<IpAddress[] | undefined> {
  const [row] = await manager.query<{ reply: string }[]>(
    'SELECT reply FROM processed_requests WHERE unique_id = ?',
    [requestId],
  );
  return row && addressesIn(row.reply);
}

export async function rememberAddresses(
  manager: EntityManager,
  requestId: string,
  addresses: readonly IpAddress[],
): Promise<void> {
  const reply = JSON.stringify({ addresses: addresses.map(String) });
  await manager.query<WriteResult>('INSERT INTO processed_requests (unique_id, reply) VALUES (?, ?)', [
    requestId,
    reply,
  ]);
}

export async function forgetRequest(manager: EntityManager, requestId: string): Promise<void> {
  await manager.query<WriteResult>('DELETE FROM processed_requests WHERE unique_id = ?', [requestId]);
}

export async function rememberDeallocation(manager: EntityManager, instanceUuid: string): Promise<void> {
  await manager.query<WriteResult>(
    `INSERT INTO processed_requests (unique_id, reply) VALUES (?, '{"deallocated":true}')
     ON DUPLICATE KEY UPDATE created_at = CURRENT_TIMESTAMP(6)`,
    [deallocationKey(instanceUuid)],
  );
}

/** Waits for whoever is deallocating the instance now. */
export async function isDeallocationRemembered(
  manager: EntityManager,
  instanceUuid: string,
  withinSeconds: number,
): Promise<boolean> {
  const rows = await manager.query<object[]>(
    `SELECT unique_id FROM processed_requests
      WHERE unique_id = ? AND created_at > CURRENT_TIMESTAMP(6) - INTERVAL ? SECOND LOCK IN SHARE MODE`,
    [deallocationKey(instanceUuid), withinSeconds],
  );
  return rows.length > 0;
}

/** 32 characters, like the ids of requests; the halves the other way round, for as they are they stand for its deletion. */
function deallocationKey(instanceUuid: string): string {
  const digits = instanceUuid.toLowerCase().replaceAll('-', '');
  return `${digits.slice(16, 32)}${digits.slice(0, 16)}`;
}

function addressesIn(reply: string): IpAddress[] {
  const parsed: unknown = JSON.parse(reply);
  const isOurs = typeof parsed === 'object' && parsed !== null && 'addresses' in parsed;
  return isOurs && Array.isArray(parsed.addresses)
    ? parsed.addresses.map((text) => parseIp(String(text)))
    : [];
}
