import type { Ipv4 } from '@novanet/net-address';
import { publish, type DnsDrivers, type DnsWarning } from './dns-drivers.js';
import { forgetNames } from './forget-names.js';

/** The names that projects gave to floating IPs. */
export class FloatingNames {
  constructor(
    private readonly drivers: DnsDrivers,
    private readonly warn: DnsWarning,
  ) {}

  /**
   * Every name of an address, in every domain, when its project gives it back. Repeatable. It never throws: the address
   * is free whatever name servers say.
   */
  async forget(address: Ipv4): Promise<void> {
    for (const driver of new Set([this.drivers.public, this.drivers.private])) {
      try {
        let isChanged = false;
        for (const domain of await driver.getDomains()) {
          const names = await driver.getEntriesByAddress(address, domain);
          if (await forgetNames(driver, names, domain)) isChanged = true;
        }
        if (isChanged) await publish(driver, this.warn);
      } catch (error) {
        this.warn({ address, error }, 'names of a floating ip could not be removed');
      }
    }
  }
}
