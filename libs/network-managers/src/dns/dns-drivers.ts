import type { DnsScope } from '@novanet/ipam';
import type { DnsDriver } from './dns-driver.port.js';

/** One driver for the names of instances, one for those of floating IPs. */
export type DnsDrivers = Readonly<Record<DnsScope, DnsDriver>>;

/** Told of what is odd but stops nobody: the shape of a logger's `warn`. */
export type DnsWarning = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** What is recorded is done: name servers that cannot be told now find it later. */
export async function publish(driver: DnsDriver, warn: DnsWarning): Promise<void> {
  try {
    await driver.publish();
  } catch (error) {
    warn({ error }, 'name servers were not told that names have changed');
  }
}
