import type {
  AddDnsEntryArguments,
  DnsEntriesByAddressArguments,
  DnsNameArguments,
  ModifyDnsEntryArguments,
} from '@novanet/contracts';
import {
  Forbidden,
  InvalidInput,
  NotFound,
  parseDnsLabel,
  tryParseDnsLabel,
  tryParseDomainName,
  type DnsDomainDirectory,
  type DnsLabel,
  type DnsName,
  type DomainName,
} from '@novanet/ipam';
import { Ipv4 } from '@novanet/net-address';
import { isVisible, type Caller } from '../caller.js';
import type { DnsDriver } from './dns-driver.port.js';
import { publish, type DnsDrivers, type DnsWarning } from './dns-drivers.js';

/**
 * Names in the domains of the cloud. A user may use the public domains of the own project and those of no project: nova
 * lets everybody change everything. Its API answers 403 to our Forbidden, so that a caller notices nothing but that.
 *
 * A domain that nobody registered is the public driver's to judge, as in nova: to the no-op one it is as good as any.
 */
export class DnsEntries {
  constructor(
    private readonly domains: DnsDomainDirectory,
    private readonly drivers: DnsDrivers,
    private readonly warn: DnsWarning,
  ) {}

  /** Throws InvalidInput, Forbidden, FloatingIpDNSExists, NotFound (the domain). */
  async add(args: AddDnsEntryArguments, caller: Caller, requestId: string): Promise<void> {
    if (args.dns_type.toUpperCase() !== 'A') throw new InvalidInput("only DNS entries of type 'A' are known");
    const [label, address] = [parseDnsLabel(args.name), addressOf(args.address)];
    const { driver, domain } = await this.open(args.domain, caller);
    await driver.createEntry({ name: label, domain, address }, requestId);
    await publish(driver, this.warn);
  }

  /** Throws InvalidInput (the address), Forbidden, NotFound. */
  async modify(args: ModifyDnsEntryArguments, caller: Caller, requestId: string): Promise<void> {
    const address = addressOf(args.address);
    const { driver, name } = await this.openName(args, caller);
    await driver.modifyAddress({ ...name, address }, requestId);
    await publish(driver, this.warn);
  }

  /** Throws Forbidden, NotFound. */
  async delete(args: DnsNameArguments, caller: Caller, requestId: string): Promise<void> {
    const { driver, name } = await this.openName(args, caller);
    await driver.deleteEntry(name, requestId);
    await publish(driver, this.warn);
  }

  /** What is no address or no domain has no names. Throws Forbidden. */
  async namesOf(args: DnsEntriesByAddressArguments, caller: Caller): Promise<readonly DnsLabel[]> {
    const [address, domain] = [Ipv4.tryParse(args.address), tryParseDomainName(args.domain)];
    if (!address || domain === undefined) return [];
    return (await this.driverFor(domain, caller)).getEntriesByAddress(address, domain);
  }

  /** What is no name has no address. Throws Forbidden. */
  async addressesOf(args: DnsNameArguments, caller: Caller): Promise<readonly Ipv4[]> {
    const [name, domain] = [tryParseDnsLabel(args.name), tryParseDomainName(args.domain)];
    if (name === undefined || domain === undefined) return [];
    return (await this.driverFor(domain, caller)).getEntriesByName({ name, domain });
  }

  private async openName(
    args: DnsNameArguments,
    caller: Caller,
  ): Promise<{ driver: DnsDriver; name: DnsName }> {
    const { driver, domain } = await this.open(args.domain, caller);
    const name = tryParseDnsLabel(args.name);
    if (name === undefined) throw new NotFound(`A DNS entry of that name in ${domain}`);
    return { driver, name: { name, domain } };
  }

  private async open(text: string, caller: Caller): Promise<{ driver: DnsDriver; domain: DomainName }> {
    const domain = tryParseDomainName(text);
    if (domain === undefined) throw new NotFound('A DNS domain of that name');
    return { driver: await this.driverFor(domain, caller), domain };
  }

  private async driverFor(domain: DomainName, caller: Caller): Promise<DnsDriver> {
    const registration = await this.domains.find(domain);
    if (!registration) return this.drivers.public;
    const mayUse = registration.scope === 'private' ? caller.isAdmin : isVisible(registration, caller);
    if (!mayUse) throw new Forbidden();
    return this.drivers[registration.scope];
  }
}

function addressOf(text: string): Ipv4 {
  const address = Ipv4.tryParse(text);
  if (!address) throw new InvalidInput(`${JSON.stringify(text.slice(0, 80))} is not an IPv4 address`);
  return address;
}
