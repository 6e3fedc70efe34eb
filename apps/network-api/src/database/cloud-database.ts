import type { BeforeApplicationShutdown, OnApplicationShutdown } from '@nestjs/common';
import {
  DatabaseUnavailable,
  type FixedIpLedger,
  type FloatingIpLedger,
  type FloatingIpPools,
  type InstanceRegistry,
  type NetworkCatalogue,
  type ProjectQuotas,
  type SecurityGroupBook,
  type ServiceDirectory,
} from '@novanet/ipam';
import type { Logger } from '@novanet/observability';
import { createIpam, openDatabase, type Database, type Ipam } from '@novanet/persistence';

/** Connections to the database: the API only reads. */
const poolSize = 10;

/**
 * What the cloud's database says. The API starts without it: until it can be opened, every use throws
 * DatabaseUnavailable.
 */
export class CloudDatabase implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly giveUp = new AbortController();
  private opened: { readonly database: Database; readonly ipam: Ipam } | undefined;

  constructor(
    private readonly url: string,
    private readonly log: Logger,
  ) {}

  /** Waits for the database as long as it takes, or until the service stops. */
  async open(): Promise<void> {
    try {
      const { url, log } = this;
      const database = await openDatabase({ url, poolSize, log, signal: this.giveUp.signal });
      this.opened = { database, ipam: createIpam(database) };
      this.log.info('database opened');
    } catch (error) {
      if (!this.giveUp.signal.aborted) throw error;
    }
  }

  get networks(): NetworkCatalogue {
    return this.whenOpened().ipam.networks;
  }

  get fixedIps(): FixedIpLedger {
    return this.whenOpened().ipam.fixedIps;
  }

  get floatingIps(): FloatingIpLedger {
    return this.whenOpened().ipam.floatingIps;
  }

  get floatingIpPools(): FloatingIpPools {
    return this.whenOpened().ipam.floatingIpPools;
  }

  get quotas(): ProjectQuotas {
    return this.whenOpened().ipam.quotas;
  }

  get instances(): InstanceRegistry {
    return this.whenOpened().ipam.instances;
  }

  get securityGroups(): SecurityGroupBook {
    return this.whenOpened().ipam.securityGroups;
  }

  get services(): ServiceDirectory {
    return this.whenOpened().ipam.services;
  }

  /** For the health page. Throws DatabaseUnavailable. */
  async ping(): Promise<void> {
    await this.whenOpened().database.ping();
  }

  beforeApplicationShutdown(): void {
    this.giveUp.abort();
  }

  /** After the last request was answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.opened?.database.close();
  }

  private whenOpened(): { readonly database: Database; readonly ipam: Ipam } {
    if (!this.opened) throw new DatabaseUnavailable('no connection yet');
    return this.opened;
  }
}
