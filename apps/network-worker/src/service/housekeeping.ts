import type { Settings } from '@novanet/config';
import type { Logger } from '@novanet/observability';
import type { Ipam } from '@novanet/persistence';

/** A request that is repeated at all is repeated within minutes. */
const requestMemoryHours = 24;

/** What a lost message would leave in the database for ever, taken out. */
export class Housekeeping {
  constructor(
    private readonly ipam: Pick<Ipam, 'fixedIps' | 'networks'>,
    private readonly settings: Pick<Settings, 'host' | 'fixedIpDisassociateTimeout'>,
    private readonly log: Logger,
  ) {}

  /** @returns whether this host has to do something about it */
  async run(): Promise<boolean> {
    const { host, fixedIpDisassociateTimeout } = this.settings;
    const freed = await this.ipam.fixedIps.freeStale({
      host,
      before: secondsAgo(fixedIpDisassociateTimeout),
    });
    const hasFreed = Object.values(freed).some((count) => count > 0);
    if (hasFreed) this.log.warn(freed, 'stale rows removed');
    await this.ipam.networks.forgetRequests(secondsAgo(requestMemoryHours * 3600));
    return hasFreed;
  }
}

function secondsAgo(seconds: number): Date {
  return new Date(Date.now() - seconds * 1000);
}
