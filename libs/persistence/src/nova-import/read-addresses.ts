import { Ipv4 } from '@novanet/net-address';
import type { NovaDatabase } from './nova-database.js';
import type { NovaAddresses } from './nova-records.js';

/** Addresses that are looked at a time, where rows are missing. */
const STEP = 4096;

const NONE: NovaAddresses = { span: null, withheld: [], lastReleased: null };

/** What the rows of a network say together. */
export async function readAddresses(nova: NovaDatabase, networkId: number): Promise<NovaAddresses> {
  const [ends] = await nova.query<{ first: number | null; last: number | null }>(
    `SELECT MIN(INET_ATON(address)) AS first, MAX(INET_ATON(address)) AS last
       FROM fixed_ips WHERE network_id = ? AND deleted = 0 AND reserved = 0`,
    [networkId],
  );
  if (!ends || ends.first === null || ends.last === null) return NONE;
  const { first, last } = ends;
  const withheld = [
    ...(await reservedIn(nova, networkId, first, last)),
    ...(await missingIn(nova, networkId, first, last)),
  ];
  const released = await nova.query<{ address: string }>(
    `SELECT address FROM fixed_ips
      WHERE network_id = ? AND deleted = 0 AND reserved = 0 AND allocated = 0 AND leased = 0
        AND host IS NULL AND updated_at IS NOT NULL
      ORDER BY updated_at DESC, id DESC LIMIT 1`,
    [networkId],
  );
  return {
    span: { first: textOf(first), last: textOf(last) },
    withheld: withheld.sort((one, other) => one - other).map(textOf),
    lastReleased: released[0]?.address ?? null,
  };
}

async function reservedIn(
  nova: NovaDatabase,
  networkId: number,
  first: number,
  last: number,
): Promise<number[]> {
  const rows = await nova.query<{ number: number }>(
    `SELECT INET_ATON(address) AS number FROM fixed_ips
      WHERE network_id = ? AND deleted = 0 AND reserved = 1 AND INET_ATON(address) BETWEEN ? AND ?`,
    [networkId, first, last],
  );
  return rows.map(({ number }) => number);
}

/** Somebody deleted rows, so that these addresses are given to nobody. */
async function missingIn(
  nova: NovaDatabase,
  networkId: number,
  first: number,
  last: number,
): Promise<number[]> {
  const within = 'network_id = ? AND deleted = 0 AND INET_ATON(address) BETWEEN ? AND ?';
  const [row] = await nova.query<{ count: number }>(
    `SELECT COUNT(DISTINCT address) AS count FROM fixed_ips WHERE ${within}`,
    [networkId, first, last],
  );
  const missing: number[] = [];
  if (Number(row?.count) === last - first + 1) return missing;
  for (let from = first; from <= last; from += STEP) {
    const to = Math.min(last, from + STEP - 1);
    const rows = await nova.query<{ number: number }>(
      `SELECT INET_ATON(address) AS number FROM fixed_ips WHERE ${within}`,
      [networkId, from, to],
    );
    const present = new Set(rows.map(({ number }) => number));
    for (let number = from; number <= to; number += 1) if (!present.has(number)) missing.push(number);
  }
  return missing;
}

function textOf(number: number): string {
  return Ipv4.fromValue(BigInt(number)).toString();
}
