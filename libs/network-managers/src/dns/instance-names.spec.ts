import {
  DnsDomainDirectory,
  DnsDomainStore,
  FloatingIpDNSExists,
  InvalidInput,
  NotFound,
  parseDomainName,
  type DnsDomain,
  type DnsDomainPut,
  type DnsEntry,
  type DnsLabel,
  type DnsName,
  type DomainName,
} from '@novanet/ipam';
import { Ipv4 } from '@novanet/net-address';
import { describe, expect, test } from 'vitest';
import { DnsDriver } from './dns-driver.port.js';
import { FloatingNames } from './floating-names.js';
import { InstanceNames, type NamedInstance } from './instance-names.js';

const [a1, a2] = [Ipv4.parse('10.0.0.3'), Ipv4.parse('10.0.0.4')];
const web: NamedInstance = {
  uuid: '1a1b1c1d-1111-4222-8333-444455556666',
  displayName: 'Web 1',
  availabilityZone: 'nova',
};
const other: NamedInstance = { ...web, uuid: '2a2b2c2d-1111-4222-8333-444455556666' };

/** Keeps names in memory as drivers must; fails on demand. */
class FakeDriver extends DnsDriver {
  readonly entries = new Map<string, DnsEntry>();
  published = 0;
  failure: Error | undefined;
  publishFailure: Error | undefined;
  /** What happens between somebody's look and the deletion that follows. */
  beforeDeletion: () => void = () => undefined;

  get lines(): string[] {
    return [...this.entries.values()].map(
      ({ name, domain, address }) => `${name}|${domain} ${address.toString()}`,
    );
  }
  override async getDomains(): Promise<DomainName[]> {
    if (this.failure) throw this.failure;
    return [...new Set([...this.entries.values()].map(({ domain }) => domain))];
  }
  override async createEntry(entry: DnsEntry): Promise<void> {
    if (this.failure) throw this.failure;
    if (this.entries.has(key(entry))) throw new FloatingIpDNSExists(entry.name, entry.domain);
    this.entries.set(key(entry), entry);
  }
  override async deleteEntry(name: DnsName): Promise<void> {
    this.beforeDeletion();
    if (!this.entries.delete(key(name))) throw new NotFound('DNS entry');
  }
  override async modifyAddress(entry: DnsEntry): Promise<void> {
    this.entries.set(key(entry), entry);
  }
  override async getEntriesByAddress(address: Ipv4, domain: DomainName): Promise<DnsLabel[]> {
    if (this.failure) throw this.failure;
    const found = [...this.entries.values()].filter((entry) => entry.address.equals(address));
    return found.filter((entry) => entry.domain === domain).map(({ name }) => name);
  }
  override async getEntriesByName(name: DnsName): Promise<Ipv4[]> {
    return [this.entries.get(key(name))?.address ?? []].flat();
  }
  override async createDomain(): Promise<void> {}
  override async deleteDomain(): Promise<void> {}
  override async publish(): Promise<void> {
    this.published += 1;
    if (this.publishFailure) throw this.publishFailure;
  }
}

const key = ({ name, domain }: DnsName) => `${name}|${domain}`;

class OneDomain extends DnsDomainStore {
  constructor(private readonly domain: DnsDomain | undefined) {
    super();
  }
  override async find(): Promise<DnsDomain | undefined> {
    return this.domain;
  }
  override put(): Promise<DnsDomainPut> {
    throw new Error('not here');
  }
  override list(): Promise<DnsDomain[]> {
    throw new Error('not here');
  }
  override transaction<T>(): Promise<T> {
    throw new Error('not here');
  }
}

function setUp(option = '', registered?: DnsDomain) {
  const driver = new FakeDriver();
  const said: string[] = [];
  const warn = (_fields: object, message: string) => void said.push(message);
  const directory = new DnsDomainDirectory(new OneDomain(registered));
  const names = new InstanceNames(directory, driver, warn, option);
  return { driver, said, names, warn };
}

describe('the names of an instance', () => {
  test('are its uuid and its display name, without a domain where none is configured', async () => {
    const { driver, names, said } = setUp();
    await names.add(web, a1);
    expect(driver.lines).toEqual([`${web.uuid}| 10.0.0.3`, 'web-1| 10.0.0.3']);
    expect([driver.published, said]).toEqual([1, []]);
  });

  test('told twice are the same, and name servers hear of them once', async () => {
    const { driver, names, said } = setUp();
    await names.add(web, a1);
    const before = driver.lines;
    await names.add(web, a1);
    expect(driver.lines).toEqual(before);
    expect([driver.published, said]).toEqual([1, []]);
  });

  test('are completed when a worker died between the two', async () => {
    const { driver, names } = setUp();
    await names.add(web, a1);
    driver.entries.delete('web-1|');
    await names.add(web, a1);
    expect(driver.lines).toEqual([`${web.uuid}| 10.0.0.3`, 'web-1| 10.0.0.3']);
  });

  test('follow a rename', async () => {
    const { driver, names } = setUp();
    await names.add(web, a1);
    await names.add({ ...web, displayName: 'db' }, a1);
    expect(driver.lines).toEqual([`${web.uuid}| 10.0.0.3`, 'db| 10.0.0.3']);
    expect(driver.published).toBe(2);
  });

  test('belong to the first of its addresses, without a word about the second', async () => {
    const { driver, names, said } = setUp();
    await names.add(web, a1);
    await names.add(web, a2);
    expect(driver.lines).toEqual([`${web.uuid}| 10.0.0.3`, 'web-1| 10.0.0.3']);
    expect([driver.published, said]).toEqual([1, []]);
  });

  test('are one name where the display name is the uuid', async () => {
    const { driver, names, said } = setUp();
    await names.add({ ...web, displayName: web.uuid }, a1);
    expect([driver.lines, said]).toEqual([[`${web.uuid}| 10.0.0.3`], []]);
  });

  test('of a second instance of the same name: the uuid alone, and the boot goes on', async () => {
    const { driver, names, said } = setUp();
    await names.add(web, a1);
    await names.add(other, a2);
    expect(driver.lines).toEqual([`${web.uuid}| 10.0.0.3`, 'web-1| 10.0.0.3', `${other.uuid}| 10.0.0.4`]);
    expect(said).toEqual(['another instance has this name']);
  });

  test('replace those of a former owner of the address, whose worker died', async () => {
    const { driver, names } = setUp();
    await names.add(web, a1);
    await names.add({ ...other, displayName: 'db' }, a1);
    expect(driver.lines).toEqual([`${other.uuid}| 10.0.0.3`, 'db| 10.0.0.3']);
  });

  test.each([
    {
      what: 'the driver fails',
      spoil: (driver: FakeDriver) => (driver.failure = new Error('down')),
      instance: web,
    },
    { what: 'the uuid is none', spoil: () => undefined, instance: { ...web, uuid: 'a b\nc' } },
  ])('are only a warning when $what', async ({ spoil, instance }) => {
    const { driver, names, said } = setUp();
    spoil(driver);
    await names.add(instance, a1);
    expect(driver.lines).toEqual([]);
    expect(said).toEqual(['instance names could not be recorded']);
  });

  test('stay when name servers could not be told', async () => {
    const { driver, names, said } = setUp();
    driver.publishFailure = new Error('broker is down');
    await names.add(web, a1);
    expect(driver.lines).toHaveLength(2);
    expect(said).toEqual(['name servers were not told that names have changed']);
  });
});

describe('the zone of the instances’ domain', () => {
  const zone = (availabilityZone: string | null): DnsDomain => ({
    domain: parseDomainName('az1.internal'),
    scope: 'private',
    availabilityZone,
  });
  const outside = 'instance is outside the zone of its domain';
  test.each([
    { what: 'its own', registered: zone('nova'), count: 2, says: [] },
    { what: 'any', registered: zone(null), count: 2, says: [] },
    {
      what: 'unknown',
      registered: undefined,
      count: 2,
      says: ['instance_dns_domain is not registered: it has no zone'],
    },
    { what: 'another', registered: zone('az1'), count: 0, says: [outside] },
  ])('$what: $count names', async ({ registered, count, says }) => {
    const { driver, names, said } = setUp('AZ1.internal.', registered);
    await names.add(web, a1);
    expect(driver.lines).toHaveLength(count);
    expect(driver.lines.every((line) => line.includes('|az1.internal '))).toBe(true);
    expect(said).toEqual(says);
  });

  test('is compared for an instance without zone as well', async () => {
    const { driver, names, said } = setUp('az1.internal', zone('nova'));
    await names.add({ ...web, availabilityZone: null }, a1);
    expect([driver.lines, said]).toEqual([[], [outside]]);
  });

  test('is refused at the start when it is no domain', () => {
    expect(() => setUp('two words')).toThrow(InvalidInput);
  });
});

describe('forgetting an instance’s address', () => {
  test('removes all its names; again: nothing', async () => {
    const { driver, names, said } = setUp();
    await names.add(web, a1);
    await names.forget(web, a1);
    await names.forget(web, a1);
    expect([driver.lines, driver.published, said]).toEqual([[], 2, []]);
  });

  test('leaves the names of an instance that has the address now', async () => {
    const { driver, names } = setUp();
    await names.add(other, a1);
    await names.forget(web, a1);
    expect(driver.lines).toEqual([`${other.uuid}| 10.0.0.3`, 'web-1| 10.0.0.3']);
  });

  test('goes on when somebody else removes the same names', async () => {
    const { driver, names, said } = setUp();
    await names.add(web, a1);
    driver.beforeDeletion = () => driver.entries.clear();
    await names.forget(web, a1);
    expect([driver.lines, said]).toEqual([[], []]);
  });

  test('is completed by the uuid alone when a worker died in between', async () => {
    const { driver, names, said } = setUp();
    await names.add(web, a1);
    await names.add({ ...other, displayName: 'db' }, a2);
    let deletions = 0;
    driver.beforeDeletion = () => {
      deletions += 1;
      if (deletions === 2) throw new Error('the worker dies');
    };
    await names.forget(web, a1);
    expect(driver.lines).toContain(`${web.uuid}| 10.0.0.3`);
    await names.forgetLeftOver(web);
    await names.forgetLeftOver(web);
    expect(driver.lines).toEqual([`${other.uuid}| 10.0.0.4`, 'db| 10.0.0.4']);
    expect(said).toEqual(['instance names could not be removed']);
  });

  test('is only a warning when the driver fails', async () => {
    const { driver, names, said } = setUp();
    await names.add(web, a1);
    driver.failure = new Error('down');
    await names.forget(web, a1);
    expect(said).toEqual(['instance names could not be removed']);
  });
});

describe('forgetting a floating address', () => {
  const entry = (name: string, domain: string, address: Ipv4) =>
    [`${name}|${domain}`, { name, domain, address } as unknown as DnsEntry] as const;

  test('removes its names in every domain of both drivers, and no others; again: nothing', async () => {
    const { driver, warn, said } = setUp();
    const instances = new FakeDriver();
    for (const [id, value] of [
      entry('www', 'a.org', a1),
      entry('x', 'a.org', a2),
      entry('www', 'b.org', a1),
    ]) {
      driver.entries.set(id, value);
    }
    instances.entries.set(...entry('alias', 'c.lan', a1));
    const names = new FloatingNames({ public: driver, private: instances }, warn);
    await names.forget(a1);
    await names.forget(a1);
    expect(driver.lines).toEqual(['x|a.org 10.0.0.4']);
    expect(instances.lines).toEqual([]);
    expect([driver.published, instances.published, said]).toEqual([1, 1, []]);
  });

  test('is only a warning for the driver that fails', async () => {
    const { driver, warn, said } = setUp();
    const instances = new FakeDriver();
    driver.failure = new Error('down');
    instances.entries.set(...entry('alias', 'c.lan', a1));
    await new FloatingNames({ public: driver, private: instances }, warn).forget(a1);
    expect(instances.lines).toEqual([]);
    expect(said).toEqual(['names of a floating ip could not be removed']);
  });
});
