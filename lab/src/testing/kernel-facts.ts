import { runCommand, tryCommand } from '@novanet/testbed';

/** What the kernel of a namespace says, for tests. */
export async function addressesOn(netns: string, device: string): Promise<string[]> {
  const { stdout } = await tryCommand(['ip', '-json', '-4', '-n', netns, 'address', 'show', 'dev', device]);
  const links: { addr_info?: { local: string }[] }[] = JSON.parse(stdout || '[]');
  return links.flatMap(({ addr_info: addresses = [] }) => addresses.map(({ local }) => local));
}

export async function defaultRouters(netns: string): Promise<string[]> {
  const routes: { gateway: string }[] = JSON.parse(
    await runCommand(['ip', '-json', '-n', netns, 'route', 'show', 'default']),
  );
  return routes.map(({ gateway }) => gateway);
}

export async function macOf(netns: string, device: string): Promise<string> {
  const [link]: { address: string }[] = JSON.parse(
    await runCommand(['ip', '-json', '-n', netns, 'link', 'show', 'dev', device]),
  );
  return link?.address ?? '';
}

/** The MAC that the namespace believes an address to have; undefined when it knows none. */
export async function neighbour(netns: string, address: string): Promise<string | undefined> {
  const entries: { lladdr?: string }[] = JSON.parse(
    (await runCommand(['ip', '-json', '-n', netns, 'neighbour', 'show', 'to', address])) || '[]',
  );
  return entries[0]?.lladdr;
}
