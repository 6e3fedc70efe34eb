import type { MigrateInstanceArguments } from '@novanet/contracts';
import {
  InvalidInput,
  type FloatingIp,
  type FloatingIpLedger,
  type Network,
  type NetworkCatalogue,
} from '@novanet/ipam';
import { tryParseHostName, type HostName } from '@novanet/net-address';
import type { NetworkHosts } from '../hosts/network-hosts.port.js';
import type { FloatingIpHandover } from './floating-ip-handover.js';
import type { FloatingTargets } from './floating-target.js';

/**
 * `migrate_instance_start` and `migrate_instance_finish`: the floating IPs of an instance follow it. Which ones these are
 * the database says: callers leave them out when the instance's first network has one host, whatever the others have.
 */
export class MoveFloatingIps {
  constructor(
    private readonly ledger: FloatingIpLedger,
    private readonly networks: NetworkCatalogue,
    private readonly targets: FloatingTargets,
    private readonly hosts: NetworkHosts,
    private readonly handover: FloatingIpHandover,
  ) {}

  /**
   * The instance leaves its host. nova takes its addresses down at once; here the source carries them until the
   * destination does, for it reaches the instance there as well. Without a destination (shelved, evacuated) nobody
   * carries them.
   */
  async start(args: MigrateInstanceArguments): Promise<void> {
    if (args.dest) return;
    const source = hostIn(args.source);
    await this.each(args, async (floatingIp, network) => {
      if (!network.isMultiHost || (source !== null && floatingIp.host !== source)) return;
      const change = await this.ledger.moveHost(floatingIp, null);
      if (change) await this.handover.complete(change);
    });
  }

  /**
   * The instance has arrived. In nova nothing happens when it comes back to where it was; here each address goes to where
   * it has to be, wherever it is now. One that fails stays where it was, and does not hold the others up; then throws
   * NetworkHostUnavailable or what the host failed with.
   */
  async finish(args: MigrateInstanceArguments): Promise<void> {
    const source = hostIn(args.source);
    const dest = hostIn(args.dest ?? args.host);
    if (dest === null) return;
    await this.each(args, async (floatingIp, network) => {
      const target = this.targets.knownHost(network, dest);
      if (target === undefined) return;
      await this.moveTo(target, floatingIp);
      // a request that comes again no longer finds the source in the database
      if (source !== null && ![target, floatingIp.host].includes(source)) {
        await this.handover.drop(floatingIp, source);
      }
    });
  }

  private async moveTo(host: HostName, floatingIp: FloatingIp): Promise<void> {
    if (host !== this.hosts.self) await this.hosts.requireUp(host);
    const change =
      floatingIp.host === host
        ? { before: floatingIp, after: floatingIp }
        : await this.ledger.moveHost(floatingIp, host);
    if (change) await this.handover.complete(change);
  }

  /** All of them, then the first failure. */
  private async each(
    { instance_uuid: uuid }: MigrateInstanceArguments,
    move: (floatingIp: FloatingIp, network: Network) => Promise<void>,
  ): Promise<void> {
    const floatingIps = await this.ledger.ofInstance(uuid.toLowerCase());
    const results = await Promise.allSettled(
      floatingIps.map(async (floatingIp) => {
        const network = await this.networks.findById(floatingIp.association?.networkId ?? 0);
        if (network) await move(floatingIp, network);
      }),
    );
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }
}

function hostIn(text: string | null | undefined): HostName | null {
  if (!text) return null;
  const host = tryParseHostName(text);
  if (!host) throw new InvalidInput(`${JSON.stringify(text)} is no host name`);
  return host;
}
