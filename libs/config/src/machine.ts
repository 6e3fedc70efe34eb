import { readFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';

/** What the configuration takes from the machine it is read on. */
export interface Machine {
  hostName(): string;
  /** The address other hosts reach this one by, as far as one can guess. */
  ipv4(): string;
  /** Undefined when there is no such file. Throws when it exists and cannot be read. */
  readFile(path: string): string | undefined;
  /** The lease program that belongs to this installation. */
  readonly bridgeProgram: string;
  version(): string;
}

const fromInstallation = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** The machine this process runs on. */
export const thisMachine: Machine = {
  hostName: hostname,
  ipv4: () => {
    const routed = deviceOfDefaultRoute(thisMachine.readFile('/proc/net/route') ?? '');
    return firstAddress(routed) ?? firstAddress(undefined) ?? '127.0.0.1';
  },
  readFile(path) {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  },
  bridgeProgram: fromInstallation('apps/dhcpbridge/bin/novanet-dhcpbridge'),
  version() {
    const manifest: unknown = JSON.parse(readFileSync(fromInstallation('libs/config/package.json'), 'utf8'));
    return isManifest(manifest) ? manifest.version : 'unknown';
  },
};

/** The device of the IPv4 default route with the lowest metric, from the text of /proc/net/route. */
export function deviceOfDefaultRoute(table: string): string | undefined {
  const routes = table
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));
  return routes
    .filter(([, destination, , , , , , mask]) => destination === '00000000' && mask === '00000000')
    .map(([device, , , , , , metric]) => ({ device, metric: Number(metric) }))
    .sort((one, other) => one.metric - other.metric)[0]?.device;
}

function firstAddress(device: string | undefined): string | undefined {
  const all = networkInterfaces();
  const addresses = device === undefined ? Object.values(all).flat() : all[device];
  return addresses?.find((each) => each?.family === 'IPv4' && !each.internal)?.address;
}

function isManifest(value: unknown): value is { version: string } {
  return (
    typeof value === 'object' && value !== null && 'version' in value && typeof value.version === 'string'
  );
}
