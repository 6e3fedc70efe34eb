import type { DhcpHostPlan } from '@novanet/host-plan';

/** The files of a dnsmasq hosts directory: one per MAC, named by it. */
export type HostFiles = ReadonlyMap<string, string>;

/** What to do in the directory, in this order. */
export interface HostsDiff {
  readonly removals: readonly string[];
  readonly writes: readonly HostFile[];
  /** dnsmasq must forget what it knows and read everything again. */
  readonly needsReload: boolean;
}

interface HostFile {
  readonly name: string;
  readonly content: string;
}

/** More files of hosts that left than this, and more than there are hosts, are worth a reload. */
const MOST_LEFTOVERS = 256;

/**
 * What makes a running dnsmasq serve exactly these hosts.
 *
 * dnsmasq reads a file when it appears or changes, but keeps all it has read before: the newest line of a MAC wins, a
 * deleted file changes nothing, and a line with an address that any earlier line had is refused ("duplicate dhcp-host IP
 * address"). So a host that leaves is overwritten with `<mac>,ignore`, each file remembers behind a `#` which addresses
 * dnsmasq still ties to it, and only an address that comes back costs a reload (SIGHUP, or a new dnsmasq), which forgets
 * all that.
 */
export function diffHosts(files: HostFiles, hosts: readonly DhcpHostPlan[]): HostsDiff {
  const wanted = new Map(hosts.map((host) => [host.mac.toString(), host]));
  const changed = hosts.filter((host) => lineOf(files.get(host.mac.toString()) ?? '') !== host.line);
  const leaving = [...files.keys()].filter((name) => !wanted.has(name));
  const tied = new Set([...files.values()].flatMap(addressesTiedBy));
  const isTooMany = leaving.length > Math.max(MOST_LEFTOVERS, hosts.length);
  if (isTooMany || changed.some(({ address }) => tied.has(address.toString()))) {
    return { ...freshHosts(files, hosts), needsReload: true };
  }
  const ignored = leaving.map((name) => fileOf(name, `${name},ignore`, files.get(name)));
  const served = changed.map(({ mac, line }) => fileOf(mac.toString(), line, files.get(mac.toString())));
  const writes = [...ignored, ...served].filter(({ name, content }) => files.get(name) !== content);
  return { removals: [], writes, needsReload: false };
}

/** The directory as a dnsmasq that starts or reloads should find it. */
export function freshHosts(files: HostFiles, hosts: readonly DhcpHostPlan[]): HostsDiff {
  const wanted = new Map(hosts.map(({ mac, line }) => [mac.toString(), `${line}\n`]));
  return {
    removals: [...files.keys()].filter((name) => !wanted.has(name)),
    writes: [...wanted]
      .filter(([name, content]) => files.get(name) !== content)
      .map(([name, content]) => ({ name, content })),
    needsReload: false,
  };
}

function fileOf(name: string, line: string, before: string | undefined): HostFile {
  const tied = before === undefined ? [] : addressesTiedBy(before);
  return { name, content: tied.length === 0 ? `${line}\n` : `${line} # ${tied.join(' ')}\n` };
}

function lineOf(content: string): string {
  return content.split('#')[0]?.trim() ?? '';
}

/** The address in the line and those behind the `#`. */
function addressesTiedBy(content: string): string[] {
  const [line = '', memory = ''] = content.split('#');
  // <mac>,ignore has none
  const current = line.trim().split(',').slice(2).at(-1);
  return [
    ...(current === undefined ? [] : [current]),
    ...memory.split(' ').map((word) => word.trim()),
  ].filter((word) => word !== '');
}
