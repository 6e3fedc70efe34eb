import type { Settings } from '@novanet/config';
import type { Network, Nic } from '@novanet/ipam';

/** Any logger of this form will do. */
export interface WarningLog {
  warn(fields: object, message: string): void;
}

/**
 * Warns, once for each network, that security groups do not stand between the instances of a network that all projects
 * share: `allow_same_net_traffic` lets whoever is in it in, and is on by default, as nova's was.
 */
export class OpenNetworks {
  private readonly told = new Set<string>();

  constructor(
    private readonly settings: Pick<Settings, 'allowSameNetTraffic'>,
    private readonly log: WarningLog,
  ) {}

  /** @param nics those that security groups filter */
  warnOf(nics: readonly Nic[]): void {
    if (!this.settings.allowSameNetTraffic) return;
    for (const { network } of nics) {
      if (!isShared(network) || this.told.has(network.uuid)) continue;
      this.told.add(network.uuid);
      this.log.warn(
        { network: network.label, uuid: network.uuid },
        'instances of all projects share this network and reach each other whatever their security groups say; ' +
          'allow_same_net_traffic = False ends that',
      );
    }
  }
}

/** A VLAN network waits for the project that will have it alone. */
function isShared({ vlan, projectId }: Network): boolean {
  return vlan === null && projectId === null;
}
