import { createHash } from 'node:crypto';
import { objectDateTime } from '@novanet/contracts';
import type { Instance, Nic, SecurityGroup } from '@novanet/ipam';

/** An instance as `GET /servers` lists it. */
export interface ServerReference {
  readonly id: string;
  readonly name: string;
  readonly links: readonly ServerLink[];
}

interface ServerLink {
  readonly rel: 'self' | 'bookmark';
  readonly href: string;
}

/** An address as `addresses` of a server shows it, below the label of its network. */
interface ServerAddress {
  readonly addr: string;
  readonly version: 4 | 6;
  readonly 'OS-EXT-IPS:type': 'fixed' | 'floating';
  readonly 'OS-EXT-IPS-MAC:mac_addr': string;
}

/** @param baseUrl how the caller reached us */
export function serverReference({ uuid, displayName, hostname }: Instance, baseUrl: string): ServerReference {
  return {
    id: uuid,
    name: displayName ?? hostname,
    links: [
      { rel: 'self', href: `${baseUrl}/v2.1/servers/${uuid}` },
      { rel: 'bookmark', href: `${baseUrl}/servers/${uuid}` },
    ],
  };
}

/** What is known of an instance beside its own row. */
export interface ServerFacts {
  readonly nics: readonly Nic[];
  readonly groups: readonly SecurityGroup[];
}

/**
 * An instance as the compute API shows servers, for clients that look them up. What only a compute service knows is a
 * constant: every server is ACTIVE.
 */
export function serverView(instance: Instance, { nics, groups }: ServerFacts, baseUrl: string) {
  const { projectId, userId, host, amiId, instanceType, keyName, availabilityZone } = instance;
  return {
    ...serverReference(instance, baseUrl),
    status: 'ACTIVE',
    tenant_id: projectId,
    user_id: userId,
    hostId: host === null ? '' : hostNumber(projectId, host),
    addresses: addressesOf(nics),
    security_groups: groups.map(({ name }) => ({ name })),
    flavor: { id: instanceType ?? '', links: [] },
    image: amiId === null ? '' : { id: amiId, links: [] },
    key_name: keyName,
    metadata: instance.meta,
    created: objectDateTime(instance.createdAt),
    updated: objectDateTime(instance.updatedAt ?? instance.createdAt),
    accessIPv4: '',
    accessIPv6: '',
    config_drive: '',
    'OS-EXT-AZ:availability_zone': availabilityZone ?? '',
  };
}

export type ServerView = ReturnType<typeof serverView>;

/** nova's way to tell the owner which servers share a host, without naming it. */
function hostNumber(projectId: string | null, host: string): string {
  return createHash('sha224')
    .update(`${projectId ?? ''}${host}`)
    .digest('hex');
}

function addressesOf(nics: readonly Nic[]): Record<string, ServerAddress[]> {
  const addresses = new Map<string, ServerAddress[]>();
  for (const { network, vif, fixedIps } of nics) {
    const mac = { 'OS-EXT-IPS-MAC:mac_addr': vif.mac.toString() };
    const shown = fixedIps.flatMap(({ address, floatingAddresses }) => [
      {
        addr: address.toString(),
        version: address.version,
        'OS-EXT-IPS:type': 'fixed' as const,
        ...mac,
      },
      ...floatingAddresses.map((floating) => ({
        addr: floating.toString(),
        version: 4 as const,
        'OS-EXT-IPS:type': 'floating' as const,
        ...mac,
      })),
    ]);
    if (shown.length > 0) {
      addresses.set(network.label, [...(addresses.get(network.label) ?? []), ...shown]);
    }
  }
  return Object.fromEntries(addresses);
}
