import { runCommand, waitFor } from '@novanet/testbed';

const LIMIT_MS = 20_000;

interface Address {
  readonly local?: string;
  readonly tentative?: boolean;
}

interface Route {
  readonly gateway?: string;
}

/** The addresses that a machine uses: those it is not sure of are left out, and those of the link. */
export async function ipv6Addresses(netns: string): Promise<string[]> {
  const argv = ['ip', '-6', '-json', 'addr', 'show', 'dev', 'eth0', 'scope', 'global'];
  // ip lists an empty object in place of a device or an address that was not asked for
  const links: { addr_info?: Address[] }[] = JSON.parse(await runCommand(argv, { netns }));
  const addresses = links.flatMap(({ addr_info = [] }) => addr_info);
  return addresses.flatMap(({ local, tentative }) => (tentative ? [] : (local ?? [])));
}

/** Under which a bridge of ours is a router: whatever others it has, this one is noted on it. */
export async function routerAddress(netns: string, bridge: string): Promise<string> {
  const argv = ['ip', '-json', 'link', 'show', 'dev', bridge];
  const [link]: { ifalias?: string }[] = JSON.parse(await runCommand(argv, { netns }));
  const address = /\b(fe80:[^,]*)\/64\b/.exec(link?.ifalias ?? '')?.[1];
  if (address === undefined) throw new Error(`${bridge} in ${netns} is no router of IPv6`);
  return address;
}

/** The default routers of a machine. */
export async function ipv6Routers(netns: string): Promise<string[]> {
  const argv = ['ip', '-6', '-json', 'route', 'show', 'default'];
  const routes: (Route & { nexthops?: Route[] })[] = JSON.parse((await runCommand(argv, { netns })) || '[]');
  return routes
    .flatMap((route) => [route, ...(route.nexthops ?? [])])
    .flatMap(({ gateway }) => gateway ?? []);
}

/** Returns when the machine has given itself this address, and is sure that nobody else has it. */
export async function expectIpv6Address(netns: string, address: string): Promise<void> {
  await waitFor(async () => (await ipv6Addresses(netns)).includes(address), {
    limitMs: LIMIT_MS,
    what: `${netns} gives itself ${address}`,
  });
}

/** Returns when the machine has exactly these default routers. */
export async function expectIpv6Routers(
  netns: string,
  routers: readonly string[],
  limitMs = LIMIT_MS,
): Promise<void> {
  const wanted = JSON.stringify(routers.toSorted());
  await waitFor(async () => JSON.stringify((await ipv6Routers(netns)).toSorted()) === wanted, {
    limitMs,
    what: `${netns} has the routers ${wanted}`,
  });
}
