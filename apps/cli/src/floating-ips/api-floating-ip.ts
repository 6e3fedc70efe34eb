import type { Fields } from '../http/api-answers.js';
import { hasTexts, pathPart, type ApiClient } from '../http/api-client.js';

const BULK = '/v2.1/os-floating-ips-bulk';
const POOLS = '/v2.1/os-novanet-pools';
const isFloatingIp = hasTexts('address');
const isPool = hasTexts('name');
const isGrown = hasTexts('ip_range', 'pool');
const isText = (value: unknown): value is string => typeof value === 'string';

/** @param host those that it carries; undefined: all */
export async function listFloatingIps(api: ApiClient, host: string | undefined): Promise<Fields[]> {
  const path = host ? `${BULK}/${pathPart(host)}` : BULK;
  return (await api.get(path)).list('floating_ip_info', isFloatingIp);
}

export async function addFloatingIps(
  api: ApiClient,
  wanted: { readonly ip_range: string; readonly pool?: string; readonly interface?: string },
): Promise<Fields & { readonly pool: string }> {
  const answer = await api.post(
    BULK,
    { floating_ips_bulk_create: wanted },
    { 409: 'novanet floating list shows what exists' },
  );
  return answer.one('floating_ips_bulk_create', isGrown);
}

/** @param isForced also those that a project holds */
export async function removeFloatingIps(api: ApiClient, range: string, isForced: boolean): Promise<string> {
  const body = { ip_range: range, ...(isForced && { force: true }) };
  const waysOut = isForced ? {} : { 409: '--force takes away those in use, too' };
  return (await api.put(`${BULK}/delete`, body, waysOut)).one('floating_ips_bulk_delete', isText);
}

export async function listPools(api: ApiClient): Promise<Fields[]> {
  return (await api.get(POOLS)).list('pools', isPool);
}

export async function createPool(api: ApiClient, name: string): Promise<Fields> {
  return (await api.post(POOLS, { pool: { name } })).one('pool', isPool);
}

export async function deletePool(api: ApiClient, name: string): Promise<void> {
  await api.delete(`${POOLS}/${pathPart(name)}`, {
    404: 'novanet floating pool list shows what exists',
    409: 'novanet floating delete takes its addresses away first',
  });
}
