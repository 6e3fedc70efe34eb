import { parseFloatingRange, type AssociationTarget, type FloatingIp, type Network } from '@novanet/ipam';
import type { HostName } from '@novanet/net-address';
import type { Ipam } from '../create-ipam.js';
import type { Database } from '../database/database.js';
import { ip, someInstance } from './fixtures.js';

/** The pool "nova", with these addresses. */
export function growPool({ floatingIpPools }: Pick<Ipam, 'floatingIpPools'>, range: string): Promise<void> {
  return floatingIpPools.grow({ pool: 'nova', addresses: parseFloatingRange(range), interface: null });
}

export function allocateFloatingIp(
  { floatingIps }: Pick<Ipam, 'floatingIps'>,
  over: Partial<Parameters<Ipam['floatingIps']['allocate']>[0]> = {},
): Promise<FloatingIp> {
  return floatingIps.allocate({
    projectId: 'p1',
    pool: 'nova',
    isAutoAssigned: false,
    limit: -1,
    restSeconds: 0,
    ...over,
  });
}

/** The fixed IP of a new instance. */
export async function someFixedIp(
  { fixedIps }: Pick<Ipam, 'fixedIps'>,
  network: Network,
  onHost: HostName | null = null,
): Promise<AssociationTarget & { readonly networkId: number }> {
  const instance = someInstance({ projectId: 'p1', host: onHost });
  await fixedIps.allocate({ instance, nics: [{ network }] });
  const [nic] = await fixedIps.nicsOf(instance.uuid);
  const [fixedIp] = nic?.fixedIps ?? [];
  if (!fixedIp) throw new Error('no fixed IP was allocated');
  const address = ip(fixedIp.address.toString());
  return { id: fixedIp.id, address, instanceUuid: instance.uuid, networkId: network.id };
}

/** As if the floating IP had been given back so long ago. */
export async function releasedAgo(database: Database, address: string, seconds: number): Promise<void> {
  await database.run((manager) =>
    manager.query(
      'UPDATE floating_ips SET released_at = CURRENT_TIMESTAMP(6) - INTERVAL ? SECOND WHERE address = ?',
      [seconds, address],
    ),
  );
}
