import type { Settings } from '@novanet/config';
import type { Logger } from '@novanet/observability';
import type { Ipam } from '@novanet/persistence';
import { countRepairs } from './worker-metrics.js';

/** A request that is repeated at all is repeated within minutes. */
const requestMemoryHours = 24;

/** What a lost message or a crash would leave in the database for ever, taken out. Safe on all hosts at once. */
export class Housekeeping {
  constructor(
    private readonly ipam: Pick<Ipam, 'fixedIps' | 'networks'>,
    private readonly settings: Pick<Settings, 'host' | 'fixedIpDisassociateTimeout'>,
    private readonly log: Logger,
    /** `deallocate_for_instance`: its names go as well, and who follows it is told. Repeatable. */
    private readonly deallocate: (instanceUuid: string) => Promise<void>,
  ) {}

  /** @returns whether this host has to do something about it */
  async run(): Promise<boolean> {
    const { host, fixedIpDisassociateTimeout } = this.settings;
    const before = secondsAgo(fixedIpDisassociateTimeout);
    const deleted = await this.takeFromDeleted(before);
    const freed = { deleted, ...(await this.ipam.fixedIps.freeStale({ host, before })) };
    countRepairs(freed);
    const hasFreed = Object.values(freed).some((count) => count > 0);
    if (hasFreed) this.log.warn(freed, 'stale rows removed');
    await this.ipam.networks.forgetRequests(secondsAgo(requestMemoryHours * 3600));
    return hasFreed;
  }

  private async takeFromDeleted(before: Date): Promise<number> {
    const taken = await this.ipam.fixedIps.takeFromDeleted(before);
    for (const uuid of taken.keys()) await this.deallocate(uuid);
    return [...taken.values()].reduce((sum, count) => sum + count, 0);
  }
}

function secondsAgo(seconds: number): Date {
  return new Date(Date.now() - seconds * 1000);
}
