import { addNamespace, ipBatch } from '@novanet/testbed';

import { namespacePrefix } from '../servers/run-folder.js';

/** The namespaces of one benchmark: the names that no other checkout uses. */
export const namespaces = {
  /** Database, broker, worker, callers: 127.0.0.1 is the host's own. */
  host: `${namespacePrefix}host`,
  /** The rest of the world, on eth0 of the host. */
  outside: `${namespacePrefix}out`,
  /** The one instance that is really plugged in. */
  instance: `${namespacePrefix}vm`,
  /** A copy of the host's rules, for programs that are run without the worker. */
  bare: `${namespacePrefix}bare`,
} as const;

export const hostAddress = '192.0.2.1';
/** RFC 2544: addresses for benchmarks. */
export const floatingRange = '198.18.0.0/16';
export const fixedRange = { cidr: '10.0.0.0/16', size: 65_536, prefixLength: 16 } as const;

/** Builds a host with its public interface, and who is on the other side of it. */
export async function buildHost(): Promise<void> {
  for (const netns of Object.values(namespaces)) await addNamespace(netns);
  const { host, outside } = namespaces;
  await ipBatch(host, [
    `link add eth0 type veth peer name eth0 netns ${outside}`,
    `addr add ${hostAddress}/24 dev eth0`,
    'link set eth0 up',
  ]);
  await ipBatch(outside, [
    'addr add 192.0.2.2/24 dev eth0',
    'link set eth0 up',
    `route add ${floatingRange} dev eth0`,
  ]);
}

/** Puts an instance's NIC into the bridge, as a compute service does, and gives it what DHCP would. */
export async function plugInstance({ vifId, mac, address, gateway }: PluggedNic): Promise<void> {
  const tap = `tap${vifId.slice(0, 11)}`;
  await ipBatch(namespaces.host, [
    `link add ${tap} type veth peer name eth0 address ${mac} netns ${namespaces.instance}`,
    `link set ${tap} master br100 up`,
  ]);
  await ipBatch(namespaces.instance, [
    `addr add ${address}/${fixedRange.prefixLength} dev eth0`,
    'link set eth0 up',
    `route add default via ${gateway}`,
  ]);
}

export interface PluggedNic {
  readonly vifId: string;
  readonly mac: string;
  readonly address: string;
  readonly gateway: string;
}
