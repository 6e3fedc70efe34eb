import { IpAddress, type Mac } from '@novanet/net-address';
import type { EntityManager } from 'typeorm';

interface OwnerRow {
  readonly place: string;
  readonly uuid: string;
}

/** Whose addresses and MACs these are: a question for each kind that is asked for. */
export async function findOwners(
  manager: EntityManager,
  places: readonly (IpAddress | Mac)[],
): Promise<ReadonlyMap<string, string>> {
  const addresses = places.filter((place) => place instanceof IpAddress);
  const macs = places.filter((place) => !(place instanceof IpAddress));
  const [byAddress, byMac] = await Promise.all([
    find(manager, OF_ADDRESSES, addresses.map(String)),
    find(manager, OF_MACS, macs.map(String)),
  ]);
  const owners = Map.groupBy([...byMac, ...byAddress], ({ place }) => place);
  return new Map(
    [...owners].flatMap(([place, rows]) => onlyOwner(rows).map((uuid) => [place, uuid] as const)),
  );
}

/** Nobody where networks overlap and two have the address: neither must see what is the other's. */
function onlyOwner(rows: readonly OwnerRow[]): string[] {
  const uuids = [...new Set(rows.map(({ uuid }) => uuid))];
  return uuids.length === 1 ? uuids : [];
}

const OF_ADDRESSES =
  'SELECT address AS place, instance_uuid AS uuid FROM fixed_ips ' +
  'WHERE address IN (?) AND allocated = 1 AND instance_uuid IS NOT NULL';

const OF_MACS = 'SELECT mac AS place, instance_uuid AS uuid FROM virtual_interfaces WHERE mac IN (?)';

async function find(manager: EntityManager, sql: string, texts: readonly string[]): Promise<OwnerRow[]> {
  // IN () is no SQL
  return texts.length === 0 ? [] : manager.query<OwnerRow[]>(sql, [texts]);
}
