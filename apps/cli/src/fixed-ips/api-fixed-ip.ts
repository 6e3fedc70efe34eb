import type { Fields } from '../http/api-answers.js';
import { hasTexts, pathPart, queryOf, type ApiClient } from '../http/api-client.js';

const isFixedIp = hasTexts('address');
const isLink = hasTexts('rel', 'href');

export interface FixedIpFilter {
  readonly network: string | undefined;
  readonly host: string | undefined;
  readonly instance: string | undefined;
  readonly state: string | undefined;
}

/** All of them, however many pages that takes. */
export async function listFixedIps(api: ApiClient, filter: FixedIpFilter): Promise<Fields[]> {
  const all: Fields[] = [];
  for (let marker: string | undefined; ;) {
    const answer = await api.get(`/v2.1/os-novanet-fixed-ips${queryOf({ ...filter, marker })}`);
    const page = answer.list('fixed_ips', isFixedIp);
    all.push(...page);
    const isLast = !answer.has('fixed_ips_links') || answer.list('fixed_ips_links', isLink).length === 0;
    marker = page.at(-1)?.address;
    if (isLast || marker === undefined) return all;
  }
}

export async function switchReservation(
  api: ApiClient,
  address: string,
  action: 'reserve' | 'unreserve',
): Promise<void> {
  await api.post(`/v2.1/os-fixed-ips/${pathPart(address)}/action`, { [action]: null });
}
