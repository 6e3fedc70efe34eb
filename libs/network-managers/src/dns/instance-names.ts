import {
  FloatingIpDNSExists,
  parseDnsLabel,
  parseInstanceDomain,
  type DnsDomainDirectory,
  type DnsEntry,
  type DnsLabel,
  type DomainName,
  type Instance,
} from '@novanet/ipam';
import type { Ipv4 } from '@novanet/net-address';
import type { DnsDriver } from './dns-driver.port.js';
import { publish, type DnsWarning } from './dns-drivers.js';
import { forgetNames } from './forget-names.js';
import { instanceLabel } from './instance-label.js';

/** What of an instance its names are made of. */
export type NamedInstance = Pick<Instance, 'uuid' | 'displayName' | 'availabilityZone'>;

/**
 * The names of instances, uuid and display name, in `instance_dns_domain`. A matter of good will: nothing that goes wrong
 * here stops a boot or a deletion. In nova a second instance of a name cannot be booted.
 */
export class InstanceNames {
  private readonly domain: DomainName;
  private isReported = false;

  /**
   * @param instanceDnsDomain the option `instance_dns_domain`; empty: names stand alone. Throws InvalidInput.
   */
  constructor(
    private readonly domains: DnsDomainDirectory,
    private readonly driver: DnsDriver,
    private readonly warn: DnsWarning,
    instanceDnsDomain: string,
  ) {
    this.domain = parseInstanceDomain(instanceDnsDomain);
  }

  /**
   * Makes the address answer to the instance's names, and to no other in this domain. Repeatable; again after a rename.
   * The first of several addresses of an instance has its names.
   */
  async add(instance: NamedInstance, address: Ipv4): Promise<void> {
    try {
      if (!(await this.isInZone(instance))) return;
      if (await this.settle(instance, address)) await publish(this.driver, this.warn);
    } catch (error) {
      this.warn({ instance: instance.uuid, address, error }, 'instance names could not be recorded');
    }
  }

  /**
   * Repeatable, also after the address was given back: the names of an instance that has it now stay. Those of the
   * remaining addresses are the caller's to {@link add} again.
   */
  async forget({ uuid }: Pick<NamedInstance, 'uuid'>, address: Ipv4): Promise<void> {
    try {
      const names = await this.driver.getEntriesByAddress(address, this.domain);
      const own = parseDnsLabel(uuid);
      if (!names.includes(own)) return;
      // by the uuid the others are found again when a worker dies in between
      const inOrder = [...names.filter((name) => name !== own), own];
      if (await forgetNames(this.driver, inOrder, this.domain)) await publish(this.driver, this.warn);
    } catch (error) {
      this.warn({ instance: uuid, address, error }, 'instance names could not be removed');
    }
  }

  /** Of an instance without addresses: its worker died before it could {@link forget} the names of the last ones. */
  async forgetLeftOver({ uuid }: Pick<NamedInstance, 'uuid'>): Promise<void> {
    try {
      const own = { name: parseDnsLabel(uuid), domain: this.domain };
      for (const address of await this.driver.getEntriesByName(own)) await this.forget({ uuid }, address);
    } catch (error) {
      this.warn({ instance: uuid, error }, 'instance names could not be removed');
    }
  }

  /** nova's rule: a domain of one availability zone is for the instances in it. */
  private async isInZone({ uuid, availabilityZone }: NamedInstance): Promise<boolean> {
    const { domain } = this;
    if (domain === '') return true;
    const registration = await this.domains.find(domain);
    if (!registration) {
      if (!this.isReported) this.warn({ domain }, 'instance_dns_domain is not registered: it has no zone');
      this.isReported = true;
      return true;
    }
    const zone = registration.scope === 'private' ? registration.availabilityZone : null;
    if (zone === null || zone === availabilityZone) return true;
    this.warn(
      { instance: uuid, domain, zone, availabilityZone },
      'instance is outside the zone of its domain',
    );
    return false;
  }

  /** Answers whether anything changed. */
  private async settle(instance: NamedInstance, address: Ipv4): Promise<boolean> {
    const { domain } = this;
    const own = parseDnsLabel(instance.uuid);
    const shown = instanceLabel(instance.displayName, address);
    const held = await this.driver.getEntriesByAddress(address, domain);
    const claim = (name: DnsLabel) => (held.includes(name) ? 'had' : this.claim({ name, domain, address }));
    // a former owner's, whose worker died, or the name before a rename
    const strange = held.filter((name) => name !== own && name !== shown);
    const isCleared = await forgetNames(this.driver, strange, domain);
    const first = await claim(own);
    // nobody else is called by this uuid: another address of the instance has its names
    if (first === 'taken') return isCleared;
    const second = shown === own ? first : await claim(shown);
    if (second === 'taken') {
      this.warn({ instance: instance.uuid, address, name: shown, domain }, 'another instance has this name');
    }
    return isCleared || first === 'made' || second === 'made';
  }

  private async claim(entry: DnsEntry): Promise<'made' | 'had' | 'taken'> {
    try {
      await this.driver.createEntry(entry);
      return 'made';
    } catch (error) {
      if (!(error instanceof FloatingIpDNSExists)) throw error;
      const addresses = await this.driver.getEntriesByName(entry);
      return addresses.some((address) => address.equals(entry.address)) ? 'had' : 'taken';
    }
  }
}
