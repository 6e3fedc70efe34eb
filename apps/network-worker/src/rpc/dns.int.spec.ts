import { readdirSync, readFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import { describeError } from '@novanet/contracts';
import { OsloBroker, OsloClient, OsloServer, RemoteError } from '@novanet/messaging';
import { Ipv4 } from '@novanet/net-address';
import {
  DnsDomains,
  DnsEntries,
  FloatingNames,
  InstanceNames,
  NameServers,
  NoopDnsDriver,
  RecordedDnsDriver,
  type DnsDrivers,
} from '@novanet/network-managers';
import { createLogger, nestOptions } from '@novanet/observability';
import { createIpam, openDatabase } from '@novanet/persistence';
import { createScratchDatabase, uniqueExchange } from '@novanet/testbed';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { DnsRpc } from './dns.rpc.js';
import { RpcModule } from './rpc.module.js';

const log = createLogger('test', 'fatal');
const captures = new URL('../../../../libs/messaging/fixtures/captures/', import.meta.url);

const admin = { user_id: 'root', project_id: 'ops', is_admin: true };
const alice = { user_id: 'alice', project_id: 'p1', is_admin: false };
const bob = { user_id: 'bob', project_id: 'p2', is_admin: false };

class CountedRefreshes extends NameServers {
  count = 0;
  failure: Error | undefined;

  override async refresh(): Promise<void> {
    this.count += 1;
    if (this.failure) throw this.failure;
  }
}

/** A worker that answers the DNS methods only, with the drivers that the test wants. */
async function startWorker(driver: 'recorded' | 'noop' = 'recorded') {
  const scratch = await createScratchDatabase(inject('databaseUrl'));
  onTestFinished(() => scratch.drop());
  const database = await openDatabase({ url: scratch.url, poolSize: 4, log });
  onTestFinished(() => database.close());
  const { dnsDomains, dnsRecords } = createIpam(database);
  const nameServers = new CountedRefreshes();
  const said: string[] = [];
  const warn = (_fields: object, message: string) => void said.push(message);
  const recorded = (scope: 'private' | 'public') =>
    new RecordedDnsDriver(scope, dnsDomains, dnsRecords, nameServers);
  const drivers: DnsDrivers =
    driver === 'noop'
      ? { private: new NoopDnsDriver(), public: new NoopDnsDriver() }
      : { private: recorded('private'), public: recorded('public') };

  const module = {
    module: RpcModule,
    controllers: [DnsRpc],
    providers: [
      { provide: DnsDomains, useValue: new DnsDomains(dnsDomains, drivers, warn) },
      { provide: DnsEntries, useValue: new DnsEntries(dnsDomains, drivers, warn) },
    ],
  };
  const exchange = uniqueExchange();
  const topic = `network-${exchange}`;
  const broker = new OsloBroker({
    transportUrl: inject('amqpUrl'),
    serviceName: 'test',
    controlExchange: exchange,
    log,
  });
  const strategy = new OsloServer({ broker, topic, host: 'h1', describeError });
  const service = await NestFactory.createMicroservice(module, { ...nestOptions(log), strategy });
  await service.listen();
  onTestFinished(() => service.close());
  const client = new OsloClient({ broker, timeoutMs: 10_000 });
  onTestFinished(() => client.close());
  const call = (context: object, method: string, args: Record<string, unknown> = {}) =>
    client.call({ topic, version: '1.0' }, method, args, { context: { ...context } });
  const served = async () =>
    (await dnsRecords.all()).map(({ name, address }) => `${name} ${address.toString()}`);
  return { call, served, said, warn, drivers, dnsDomains, nameServers };
}

/** What the caller gets instead of an answer, as nova's classes would be rebuilt from it. */
async function failureOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof RemoteError) return `${error.className}: ${error.message}`;
    throw error;
  }
  return 'nothing was refused';
}

/** `example.org` of Alice's project, `all.org` of no project, `az1.internal` of the instances. */
async function startCloud() {
  const worker = await startWorker();
  await worker.call(admin, 'create_public_dns_domain', { domain: 'Example.org', project: 'p1' });
  await worker.call(admin, 'create_public_dns_domain', { domain: 'all.org', project: null });
  await worker.call(admin, 'create_private_dns_domain', { domain: 'az1.internal', av_zone: 'az1' });
  return worker;
}

const www = { name: 'www', domain: 'example.org' };
const wwwEntry = { ...www, address: '203.0.113.10', dns_type: 'A' };

/** What nova's service answered, in the order it was asked. */
function capturedCalls() {
  const files = readdirSync(captures).filter((name) => /^\d+_.*_dns_/.test(name));
  expect(files.length).toBe(9);
  return files.toSorted().map((name) => {
    const captured = JSON.parse(readFileSync(new URL(name, captures), 'utf8'));
    return { request: captured.messages[0]['oslo.message decoded'], answer: captured.client_result };
  });
}

/** Asks one after the other, and compares how each is refused. */
async function expectRefusals(
  ask: (method: string, args: Record<string, unknown>) => Promise<unknown>,
  rows: readonly (readonly [method: string, args: Record<string, unknown>, says: string])[],
): Promise<void> {
  for (const [method, args, says] of rows) {
    const outcome = await failureOf(ask(method, args));
    expect({ method, args, outcome }).toEqual({ method, args, outcome: expect.stringContaining(says) });
  }
}

describe('with the no-op driver', () => {
  it('the captured requests get the captured answers', async () => {
    const { call, nameServers } = await startWorker('noop');
    for (const { request, answer } of capturedCalls()) {
      expect([request.method, await call(admin, request.method, request.args)]).toEqual([
        request.method,
        answer,
      ]);
    }
    expect(nameServers.count).toBe(0);
  });

  it('a domain is created and deleted; it is never listed, which is reported', async () => {
    const { call, said } = await startWorker('noop');
    await call(admin, 'create_public_dns_domain', { domain: 'example.org', project: 'bench' });
    expect(await call(admin, 'get_dns_domains')).toEqual([]);
    expect(said).toEqual(['dns domain is registered but unknown to its driver']);
    expect(await call(admin, 'delete_dns_domain', { domain: 'example.org' })).toBeNull();
    expect(await failureOf(call(admin, 'delete_dns_domain', { domain: 'example.org' }))).toBe(
      'NotFound: DNS domain example.org could not be found.',
    );
  });
});

describe('domains', () => {
  const example = { domain: 'example.org', scope: 'public', project: 'p1' };
  const all = { domain: 'all.org', scope: 'public', project: null };
  const internal = { domain: 'az1.internal', scope: 'private', availability_zone: 'az1' };
  it.each([
    { who: 'an administrator', context: admin, sees: [all, internal, example] },
    { who: 'a user of the project', context: alice, sees: [all, internal, example] },
    { who: 'another user', context: bob, sees: [all, internal] },
  ])('are listed in nova’s form to $who', async ({ context, sees }) => {
    const { call } = await startCloud();
    expect(await call(context, 'get_dns_domains')).toEqual(sees);
  });

  it('created again get the new zone or project, with a warning when something changed', async () => {
    const { call, said } = await startCloud();
    await call(admin, 'create_private_dns_domain', { domain: 'az1.internal', av_zone: 'az1' });
    expect(said).toEqual([]);
    await call(admin, 'create_private_dns_domain', { domain: 'az1.internal', av_zone: 'az2' });
    await call(admin, 'create_public_dns_domain', { domain: 'example.org', project: 'p2' });
    expect(said).toEqual(Array(2).fill('dns domain existed: it has a new zone or project'));
    expect(await call(bob, 'get_dns_domains')).toEqual([
      all,
      { ...internal, availability_zone: 'az2' },
      { ...example, project: 'p2' },
    ]);
  });

  it('are not for users to create and delete, whatever project they name', async () => {
    const { call } = await startCloud();
    await expectRefusals(
      (method, args) => call(alice, method, args),
      [
        ['create_public_dns_domain', { domain: 'new.org', project: 'p1' }, 'AdminRequired'],
        ['create_private_dns_domain', { domain: 'new.org', av_zone: null }, 'AdminRequired'],
        ['delete_dns_domain', { domain: 'example.org' }, 'AdminRequired'],
      ],
    );
    expect(await call(admin, 'get_dns_domains')).toEqual([all, internal, example]);
  });

  it('that are none, exist with the other scope or do not exist are refused', async () => {
    const { call } = await startCloud();
    await expectRefusals(
      (method, args) => call(admin, method, args),
      [
        ['create_public_dns_domain', { domain: 'az1.internal' }, 'FloatingIpDNSExists'],
        ['create_private_dns_domain', { domain: 'all.org' }, 'FloatingIpDNSExists'],
        ['create_public_dns_domain', { domain: 'a b.org' }, 'InvalidInput'],
        ['create_public_dns_domain', { domain: 'a.org\nx' }, 'InvalidInput'],
        ['create_public_dns_domain', { domain: 'a.org', project: 'p'.repeat(256) }, 'InvalidInput'],
        ['create_private_dns_domain', { domain: 'a.org', av_zone: 'z'.repeat(256) }, 'InvalidInput'],
        [
          'delete_dns_domain',
          { domain: 'unknown.org' },
          'NotFound: DNS domain unknown.org could not be found.',
        ],
        ['delete_dns_domain', { domain: '' }, 'NotFound'],
        ['delete_dns_domain', {}, 'TypeError'],
      ],
    );
    expect(await call(admin, 'get_dns_domains')).toEqual([all, internal, example]);
  });

  it('take their names with them, each by the driver of its scope', async () => {
    const { call, served } = await startCloud();
    await call(alice, 'add_dns_entry', wwwEntry);
    await call(admin, 'add_dns_entry', { ...wwwEntry, domain: 'az1.internal' });
    await call(admin, 'delete_dns_domain', { domain: 'az1.internal' });
    expect(await served()).toEqual(['www.example.org 203.0.113.10']);
    await call(admin, 'delete_dns_domain', { domain: 'EXAMPLE.org.' });
    expect(await served()).toEqual([]);
    expect(await call(admin, 'get_dns_domains')).toEqual([all]);
  });

  it('whose deletion died half way lose their names when the request comes again', async () => {
    const { call, served, warn, drivers, dnsDomains } = await startCloud();
    await call(alice, 'add_dns_entry', wwwEntry);
    const broken = Object.assign(new NoopDnsDriver(), {
      deleteDomain: () => Promise.reject(new Error('killed')),
    });
    const args = { domain: 'example.org' };
    const caller = { userId: 'root', projectId: 'ops', isAdmin: true };
    const dying = new DnsDomains(dnsDomains, { ...drivers, public: broken }, warn);
    await expect(dying.delete(args, caller, 'a'.repeat(32))).rejects.toThrow('killed');
    expect(await served()).toHaveLength(1);
    const next = new DnsDomains(dnsDomains, drivers, warn);
    await next.delete(args, caller, 'a'.repeat(32));
    await next.delete(args, caller, 'a'.repeat(32));
    expect(await served()).toEqual([]);
  });
});

describe('entries', () => {
  it('are added, found both ways, given another address and removed', async () => {
    const { call, served, nameServers } = await startCloud();
    nameServers.count = 0;
    expect(await call(alice, 'add_dns_entry', { ...wwwEntry, name: 'WWW', dns_type: 'a' })).toBeNull();
    expect(await served()).toEqual(['www.example.org 203.0.113.10']);
    expect(await call(alice, 'get_dns_entries_by_name', www)).toEqual(['203.0.113.10']);
    const at = (address: string) =>
      call(alice, 'get_dns_entries_by_address', { address, domain: 'example.org' });
    expect(await at('203.0.113.10')).toEqual(['www']);
    expect(await call(alice, 'modify_dns_entry', { ...www, address: '203.0.113.11' })).toBeNull();
    expect([await at('203.0.113.10'), await at('203.0.113.11')]).toEqual([[], ['www']]);
    expect(await call(alice, 'delete_dns_entry', www)).toBeNull();
    expect(await call(alice, 'get_dns_entries_by_name', www)).toEqual([]);
    expect(nameServers.count).toBe(3);
  });

  it('that are none, or exist, are not added', async () => {
    const { call, served } = await startCloud();
    await call(alice, 'add_dns_entry', { ...wwwEntry, name: 'taken' });
    const exists = 'FloatingIpDNSExists: The DNS entry taken already exists in domain example.org.';
    const rows = [
      [{ dns_type: 'AAAA', address: 'fd00::1' }, 'InvalidInput'],
      [{ dns_type: 'CNAME' }, 'InvalidInput'],
      [{ address: 'fd00::1' }, 'InvalidInput'],
      [{ address: '203.0.113.010' }, 'InvalidInput'],
      [{ address: '203.0.113.10\n10.0.0.66 bank' }, 'InvalidInput'],
      [{ name: 'www bank' }, 'InvalidInput'],
      [{ name: 'www\n10.0.0.66 bank' }, 'InvalidInput'],
      [{ name: 'x'.repeat(300) }, 'InvalidInput'],
      [{ name: 'lab.www' }, 'InvalidInput'],
      [{ name: null }, 'TypeError'],
      [{ domain: 'unknown.org' }, 'NotFound'],
      [{ domain: '' }, 'NotFound'],
      [{ name: 'taken' }, exists],
      [{ name: 'taken', address: '203.0.113.11' }, exists],
    ] as const;
    await expectRefusals(
      (method, args) => call(alice, method, { ...wwwEntry, ...args }),
      rows.map(([args, says]) => ['add_dns_entry', args, says]),
    );
    expect(await served()).toEqual(['taken.example.org 203.0.113.10']);
  });

  it('that do not exist cannot be changed, and are not found', async () => {
    const { call } = await startCloud();
    await expectRefusals(
      (method, args) => call(alice, method, args),
      [
        [
          'modify_dns_entry',
          { ...www, address: '203.0.113.11' },
          'NotFound: DNS entry www.example.org could',
        ],
        ['modify_dns_entry', { ...www, name: 'two words', address: '203.0.113.11' }, 'NotFound'],
        ['modify_dns_entry', { ...www, address: 'fd00::1' }, 'InvalidInput'],
        ['delete_dns_entry', www, 'NotFound: DNS entry www.example.org could not be found.'],
        ['delete_dns_entry', { ...www, name: 'two\nlines' }, 'NotFound'],
        ['delete_dns_entry', { ...www, domain: 'unknown.org' }, 'NotFound'],
      ],
    );
    const asked = [
      ['get_dns_entries_by_name', www],
      ['get_dns_entries_by_name', { name: 'two words', domain: 'example.org' }],
      ['get_dns_entries_by_name', { name: 'www', domain: 'unknown.org' }],
      ['get_dns_entries_by_address', { address: 'fd00::1', domain: 'example.org' }],
      ['get_dns_entries_by_address', { address: '203.0.113.10', domain: '..' }],
    ] as const;
    for (const [method, args] of asked) expect(await call(alice, method, args)).toEqual([]);
  });

  it('are done although no name server could be told', async () => {
    const { call, served, said, nameServers } = await startCloud();
    nameServers.failure = new Error('no broker');
    expect(await call(alice, 'add_dns_entry', wwwEntry)).toBeNull();
    expect(await served()).toHaveLength(1);
    expect(said).toEqual(['name servers were not told that names have changed']);
  });
});

describe('who may use a domain', () => {
  const use = [
    ['add_dns_entry', { name: 'new', address: '203.0.113.12', dns_type: 'A' }],
    ['modify_dns_entry', { name: 'www', address: '203.0.113.12' }],
    ['get_dns_entries_by_name', { name: 'www' }],
    ['get_dns_entries_by_address', { address: '203.0.113.10' }],
    ['delete_dns_entry', { name: 'www' }],
  ] as const;
  it.each([
    { who: 'its project', context: alice, domain: 'example.org', may: true },
    { who: 'another project', context: bob, domain: 'example.org', may: false },
    { who: 'an administrator', context: admin, domain: 'example.org', may: true },
    { who: 'anybody, when it has no project', context: bob, domain: 'all.org', may: true },
    { who: 'no user, when it is private', context: alice, domain: 'az1.internal', may: false },
    { who: 'an administrator, also when it is private', context: admin, domain: 'az1.internal', may: true },
  ])('$who: $may', async ({ context, domain, may }) => {
    const { call, served } = await startCloud();
    await call(admin, 'add_dns_entry', { ...wwwEntry, domain });
    const before = await served();
    for (const [method, args] of use) {
      const outcome = await failureOf(call(context, method, { ...args, domain }));
      expect([method, outcome]).toEqual([method, may ? 'nothing was refused' : 'Forbidden: Not authorized.']);
    }
    expect((await served()).join() === before.join()).toBe(!may);
  });

  it('instances’ names in a domain that nobody registered are out of every caller’s reach', async () => {
    const { call, served, drivers, dnsDomains, warn } = await startCloud();
    const names = new InstanceNames(dnsDomains, drivers.private, warn, 'vm.lan');
    const uuid = '1a1b1c1d-1111-4222-8333-444455556666';
    const address = Ipv4.parse('10.0.0.3');
    await names.add({ uuid, displayName: 'db', availabilityZone: null }, address);
    const before = await served();
    expect(before).toEqual([`${uuid}.vm.lan 10.0.0.3`, 'db.vm.lan 10.0.0.3']);
    const db = { name: 'db', domain: 'vm.lan' };
    for (const context of [alice, admin]) {
      expect(await call(context, 'get_dns_entries_by_name', db)).toEqual([]);
      expect(await failureOf(call(context, 'delete_dns_entry', db))).toContain('NotFound');
      expect(
        await failureOf(call(context, 'modify_dns_entry', { ...db, address: '203.0.113.66' })),
      ).toContain('NotFound');
      expect(await failureOf(call(context, 'add_dns_entry', { ...wwwEntry, domain: 'vm.lan' }))).toContain(
        'NotFound',
      );
    }
    expect(await failureOf(call(admin, 'delete_dns_domain', { domain: 'vm.lan' }))).toContain('NotFound');
    expect(await served()).toEqual(before);
  });
});

describe('names in the database', () => {
  const instance = (n: number, displayName: string) => ({
    uuid: `${String(n).padStart(8, '0')}-1111-4222-8333-444455556666`,
    displayName,
    availabilityZone: 'az1',
  });
  const at = (n: number) => Ipv4.parse(`10.0.0.${n}`);

  it('of instances booted at once under one name: one has it, all have their uuid', async () => {
    const { served, drivers, dnsDomains, warn, said } = await startCloud();
    const names = new InstanceNames(dnsDomains, drivers.private, warn, 'az1.internal');
    await Promise.all([1, 2, 3, 4, 5].map((n) => names.add(instance(n, 'web'), at(n))));
    const all = await served();
    expect(all).toHaveLength(6);
    expect(all.filter((line) => line.startsWith('web.az1.internal '))).toHaveLength(1);
    expect(said).toEqual(Array(4).fill('another instance has this name'));
  });

  it('of one instance told by two workers at once are there once, and nobody complains', async () => {
    const { served, drivers, dnsDomains, warn, said } = await startCloud();
    const names = new InstanceNames(dnsDomains, drivers.private, warn, 'az1.internal');
    await Promise.all([1, 2, 3].map(() => names.add(instance(1, 'web'), at(1))));
    expect(await served()).toEqual([
      `${instance(1, '').uuid}.az1.internal 10.0.0.1`,
      'web.az1.internal 10.0.0.1',
    ]);
    expect(said).toEqual([]);
    await Promise.all([1, 2, 3].map(() => names.forget(instance(1, 'web'), at(1))));
    expect([await served(), said]).toEqual([[], []]);
  });

  it('of a renamed instance are the new ones', async () => {
    const { served, drivers, dnsDomains, warn } = await startCloud();
    const names = new InstanceNames(dnsDomains, drivers.private, warn, '');
    await names.add(instance(1, 'web'), at(1));
    await names.add(instance(1, 'My DB!'), at(1));
    expect(await served()).toEqual([`${instance(1, '').uuid} 10.0.0.1`, 'my-db 10.0.0.1']);
  });

  it('of a floating ip go from every domain when it is given back, and others stay', async () => {
    const { call, served, drivers, warn } = await startCloud();
    await call(alice, 'add_dns_entry', wwwEntry);
    await call(alice, 'add_dns_entry', { ...wwwEntry, name: 'mail' });
    await call(bob, 'add_dns_entry', { ...wwwEntry, domain: 'all.org' });
    await call(alice, 'add_dns_entry', { ...wwwEntry, name: 'other', address: '203.0.113.11' });
    const names = new FloatingNames(drivers, warn);
    await Promise.all([names.forget(Ipv4.parse('203.0.113.10')), names.forget(Ipv4.parse('203.0.113.10'))]);
    expect(await served()).toEqual(['other.example.org 203.0.113.11']);
  });
});
