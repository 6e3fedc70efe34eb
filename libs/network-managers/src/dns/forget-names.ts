import { NotFound, type DnsLabel, type DomainName } from '@novanet/ipam';
import type { DnsDriver } from './dns-driver.port.js';

/** Answers whether there were any. Somebody else may be removing the same ones. */
export async function forgetNames(
  driver: DnsDriver,
  names: readonly DnsLabel[],
  domain: DomainName,
): Promise<boolean> {
  for (const name of names) {
    try {
      await driver.deleteEntry({ name, domain });
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
    }
  }
  return names.length > 0;
}
