import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BackgroundProcess } from '../processes/background-process.js';
import { runCommand } from '../processes/run-command.js';
import { waitFor } from '../wait-for.js';

/** What a DHCP server gave. Everything it sent is in `options`, under udhcpc's names. */
export interface DhcpLease {
  readonly address: string;
  readonly prefixLength: number;
  readonly routers: readonly string[];
  readonly nameServers: readonly string[];
  readonly leaseSeconds: number;
  readonly server: string;
  readonly options: Readonly<Record<string, string>>;
}

export interface DhcpClientOptions {
  readonly netns: string;
  readonly device: string;
  /** Sent to the server. */
  readonly hostname?: string;
  /** For the client's script, log and answer. */
  readonly directory: string;
}

/** Called by udhcpc: configures the device as the server says, and writes down what it said. */
const script = `#!/bin/sh
here=$(dirname "$0")
case "$1" in
  deconfig)
    ip -4 addr flush dev "$interface"
    ip link set "$interface" up
    ;;
  bound|renew)
    ip addr replace "$ip/$mask" broadcast "\${broadcast:-+}" dev "$interface"
    [ -z "$mtu" ] || ip link set "$interface" mtu "$mtu"
    for gateway in $router; do ip route replace default via "$gateway" dev "$interface"; done
    set -- $staticroutes
    while [ $# -ge 2 ]; do
      if [ "$2" = 0.0.0.0 ]; then ip route replace "$1" dev "$interface"
      else ip route replace "$1" via "$2" dev "$interface"; fi
      shift 2
    done
    env > "$here/lease.new"
    mv "$here/lease.new" "$here/lease"
    ;;
esac
`;

/** A DHCP client (udhcpc) that keeps its lease until it is stopped, as a virtual machine does. */
export class DhcpClient {
  private readonly process: BackgroundProcess;

  constructor(private readonly options: DhcpClientOptions) {
    const { netns, device, hostname, directory } = options;
    this.process = new BackgroundProcess({
      name: 'udhcpc',
      directory,
      netns,
      argv: udhcpcCommand(directory, device, ['-t', '10', '-T', '1', '-A', '2', ...named(hostname)]),
    });
  }

  /** Starts the client; returns the lease when it has one. */
  async start(limitMs = 20_000): Promise<DhcpLease> {
    prepare(this.options.directory);
    await this.process.start();
    const what = `a DHCP server answers ${this.options.device} in ${this.options.netns}`;
    return waitFor(() => this.lease(), { limitMs, what });
  }

  /** The last lease; undefined when there never was one. */
  lease(): DhcpLease | undefined {
    try {
      return parseLease(readFileSync(join(this.options.directory, 'lease'), 'utf8'));
    } catch {
      return undefined;
    }
  }

  /** Ends the client without giving its address back. */
  async stop(): Promise<void> {
    await this.process.kill();
  }
}

/** Runs a DHCP client until it has a lease, configures the device with it, and returns it. */
export async function dhcpLease(netns: string, device: string): Promise<DhcpLease> {
  const directory = mkdtempSync(join(tmpdir(), 'novanet-dhcp-'));
  try {
    return await leaseThrough((argv) => runCommand(argv, { netns }), device, directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * The same, where somebody else runs the commands.
 * @param directory that they can write to
 */
export async function leaseThrough(
  run: (argv: readonly string[]) => Promise<string>,
  device: string,
  directory: string,
): Promise<DhcpLease> {
  prepare(directory);
  await run(udhcpcCommand(directory, device, ['-t', '8', '-T', '1', '-n', '-q']));
  return parseLease(await run(['cat', join(directory, 'lease')]));
}

function prepare(directory: string): void {
  mkdirSync(directory, { recursive: true });
  rmSync(join(directory, 'lease'), { force: true });
  writeFileSync(join(directory, 'udhcpc.sh'), script, { mode: 0o755 });
}

function udhcpcCommand(directory: string, device: string, more: readonly string[]): string[] {
  // -O 121, mtu: udhcpc asks only for what it is told to ask for.
  const asked = ['-O', '121', '-O', 'mtu'];
  return ['udhcpc', '-f', '-i', device, '-s', join(directory, 'udhcpc.sh'), ...asked, ...more];
}

function named(hostname: string | undefined): string[] {
  return hostname ? ['-x', `hostname:${hostname}`] : [];
}

/** Reads the environment that udhcpc gave its script. */
export function parseLease(environment: string): DhcpLease {
  const options: Record<string, string> = {};
  for (const line of environment.split('\n')) {
    const equals = line.indexOf('=');
    if (equals > 0) options[line.slice(0, equals)] = line.slice(equals + 1);
  }
  const words = (name: string) => (options[name] ?? '').split(' ').filter(Boolean);
  return {
    address: options['ip'] ?? '',
    prefixLength: Number(options['mask']),
    routers: words('router'),
    nameServers: words('dns'),
    leaseSeconds: Number(options['lease']),
    server: options['serverid'] ?? '',
    options,
  };
}
