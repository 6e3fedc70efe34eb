import {
  FloatingIpDNSExists,
  NotFound,
  parseDnsLabel,
  parseDomainName,
  parseInstanceDomain,
  type DnsEntry,
  type DnsName,
} from '@novanet/ipam';
import { waitFor } from '@novanet/testbed';
import { describe, expect, test } from 'vitest';
import type { Database } from '../database/database.js';
import { ip } from '../testing/fixtures.js';
import { scratchIpam } from '../testing/scratch-ipam.js';
import { TypeormDnsRecordStore } from './typeorm-dns-record-store.js';

const org = parseDomainName('example.org');
const lan = parseDomainName('az1.internal');
const request = (letter: string) => letter.repeat(32);

const name = (label: string, domain = org): DnsName => ({ name: parseDnsLabel(label), domain });
const entry = (label: string, address: string, domain = org): DnsEntry => ({
  ...name(label, domain),
  address: ip(address),
});
const ofProject = (projectId: string | null) => ({ domain: org, scope: 'public', projectId }) as const;
const ofZone = (availabilityZone: string | null) =>
  ({ domain: lan, scope: 'private', availabilityZone }) as const;

async function scratchDns() {
  const ipam = await scratchIpam();
  await ipam.database.run((manager) => manager.query('DELETE FROM dns_entries'));
  await ipam.database.run((manager) => manager.query('DELETE FROM dns_domains'));
  const all = async () =>
    (await ipam.dnsRecords.all()).map((served) => `${served.name} ${served.address.toString()}`);
  return { ...ipam, all };
}

describe('a domain', () => {
  test('is kept as registered, and gets its new zone or project', async () => {
    const { dnsDomains } = await scratchDns();
    expect(await dnsDomains.register(ofProject('p1'))).toBe(false);
    expect(await dnsDomains.register(ofZone('nova'))).toBe(false);
    expect(await dnsDomains.list()).toEqual([ofZone('nova'), ofProject('p1')]);
    expect(await dnsDomains.register(ofProject('p1'))).toBe(false);
    expect(await dnsDomains.register(ofProject(null))).toBe(true);
    expect(await dnsDomains.register(ofZone(null))).toBe(true);
    expect(await dnsDomains.find(org)).toEqual(ofProject(null));
    expect(await dnsDomains.find(lan)).toEqual(ofZone(null));
    expect(await dnsDomains.find(parseDomainName('example.com'))).toBeUndefined();
  });

  test('never changes its scope', async () => {
    const { dnsDomains } = await scratchDns();
    await dnsDomains.register(ofProject('p1'));
    const asPrivate = { domain: org, scope: 'private', availabilityZone: 'nova' } as const;
    await expect(dnsDomains.register(asPrivate)).rejects.toEqual(
      new FloatingIpDNSExists('example.org', 'example.org'),
    );
    expect(await dnsDomains.list()).toEqual([ofProject('p1')]);
  });

  test('registered with both scopes at once has one of them', async () => {
    const ipam = await scratchDns();
    const other = await ipam.openAnother();
    const asPrivate = { domain: org, scope: 'private', availabilityZone: null } as const;
    for (let round = 0; round < 10; round += 1) {
      const both = [ipam.dnsDomains.register(ofProject('p1')), other.dnsDomains.register(asPrivate)];
      const outcomes = await Promise.allSettled(both);
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(await ipam.dnsDomains.list()).toEqual([
        outcomes[0]?.status === 'fulfilled' ? ofProject('p1') : asPrivate,
      ]);
      await ipam.dnsDomains.unregister(org, crypto.randomUUID().replaceAll('-', ''));
    }
  });

  test('is unregistered once; the same request gets the same answer, another one is told', async () => {
    const { dnsDomains } = await scratchDns();
    await dnsDomains.register(ofProject('p1'));
    expect(await dnsDomains.unregister(org, request('a'))).toBe('public');
    expect(await dnsDomains.unregister(org, request('a'))).toBe('public');
    await expect(dnsDomains.unregister(org, request('b'))).rejects.toEqual(
      new NotFound('DNS domain example.org'),
    );
  });

  test('unregistered by one request at two workers gives both the same answer', async () => {
    const ipam = await scratchDns();
    const other = await ipam.openAnother();
    await ipam.dnsDomains.register(ofZone(null));
    const answers = [ipam, other].map(({ dnsDomains }) => dnsDomains.unregister(lan, request('a')));
    expect(await Promise.all(answers)).toEqual(['private', 'private']);
  });

  test('registered again since is left to its new owner when the old request comes again', async () => {
    const { dnsDomains } = await scratchDns();
    await dnsDomains.register(ofProject('p1'));
    await dnsDomains.unregister(org, request('a'));
    await dnsDomains.register(ofProject('p2'));
    expect(await dnsDomains.unregister(org, request('a'))).toBeUndefined();
    expect(await dnsDomains.find(org)).toEqual(ofProject('p2'));
  });
});

describe('a record', () => {
  test('is found by name and by address, moved, and removed', async () => {
    const { dnsRecords, all } = await scratchDns();
    await dnsRecords.add(entry('www', '203.0.113.10'));
    await dnsRecords.add(entry('mail', '203.0.113.10'));
    await dnsRecords.add(entry('www', '10.0.0.3', lan));
    await dnsRecords.add(entry('bare', '10.0.0.4', parseInstanceDomain('')));
    expect(await dnsRecords.namesOf(ip('203.0.113.10'), org)).toEqual(['mail', 'www']);
    expect(await dnsRecords.namesOf(ip('203.0.113.10'), lan)).toEqual([]);
    expect(await dnsRecords.addressesOf(name('www'))).toEqual([ip('203.0.113.10')]);
    expect(await all()).toEqual([
      'bare 10.0.0.4',
      'www.az1.internal 10.0.0.3',
      'mail.example.org 203.0.113.10',
      'www.example.org 203.0.113.10',
    ]);
    await dnsRecords.move(entry('www', '203.0.113.11'));
    await dnsRecords.move(entry('www', '203.0.113.11'));
    expect(await dnsRecords.addressesOf(name('www'))).toEqual([ip('203.0.113.11')]);
    await dnsRecords.remove(name('www'));
    expect(await dnsRecords.addressesOf(name('www'))).toEqual([]);
    await dnsRecords.removeDomain(org);
    expect(await all()).toEqual(['bare 10.0.0.4', 'www.az1.internal 10.0.0.3']);
  });

  test('that is not there is neither moved nor removed', async () => {
    const { dnsRecords, all } = await scratchDns();
    await expect(dnsRecords.move(entry('www', '203.0.113.11'))).rejects.toEqual(
      new NotFound('DNS entry www.example.org'),
    );
    await expect(dnsRecords.remove(name('www'))).rejects.toEqual(new NotFound('DNS entry www.example.org'));
    expect(await all()).toEqual([]);
  });

  test('of one name is added by exactly one of many who try at once', async () => {
    const ipam = await scratchDns();
    const workers = [ipam, await ipam.openAnother(), await ipam.openAnother()];
    await ipam.dnsDomains.register(ofProject('p1'));
    const additions = Array.from({ length: 30 }, (_, i) =>
      workers[i % 3]!.dnsRecords.add(entry('www', `203.0.113.${i}`), {
        requestId: i.toString().padStart(32, '0'),
        registeredAs: 'public',
      }),
    );
    const outcomes = await Promise.allSettled(additions);
    const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
    const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refusals).toEqual(Array.from({ length: 29 }, () => new FloatingIpDNSExists('www', 'example.org')));
    expect(await ipam.all()).toEqual([`www.example.org 203.0.113.${winner}`]);
  });

  test('is not added to a domain that is missing or of the other scope, and nothing is remembered', async () => {
    const ipam = await scratchDns();
    await ipam.dnsDomains.register(ofZone(null));
    const before = await ipam.dump();
    const change = { requestId: request('a'), registeredAs: 'public' } as const;
    for (const domain of [org, lan]) {
      const refusal = new NotFound(`DNS domain ${domain}`);
      await expect(ipam.dnsRecords.add(entry('www', '10.0.0.9', domain), change)).rejects.toEqual(refusal);
      await expect(ipam.dnsRecords.move(entry('www', '10.0.0.9', domain), change)).rejects.toEqual(refusal);
      await expect(ipam.dnsRecords.remove(name('www', domain), change)).rejects.toEqual(refusal);
    }
    expect(await ipam.all()).toEqual([]);
    expect(await ipam.dump()).toEqual(before);
  });

  test('never outlives its domain: the deletion waits for an addition that has begun', async () => {
    const ipam = await scratchDns();
    const other = await ipam.openAnother();
    await ipam.dnsDomains.register(ofProject('p1'));
    let deletion = Promise.resolve();
    let isGone = false;
    await new TypeormDnsRecordStore(ipam.database).transaction(async (transaction) => {
      expect(await transaction.keepDomain(org)).toBe('public');
      deletion = other.dnsDomains
        .unregister(org, request('a'))
        .then(() => other.dnsRecords.removeDomain(org))
        .finally(() => (isGone = true));
      await waitFor(async () => isGone || (await isSomebodyWaiting(other.database)), {
        limitMs: 10_000,
        what: 'the deletion begins',
        everyMs: 150,
      });
      await transaction.insert(entry('www', '203.0.113.10'));
    });
    await deletion;
    expect(await ipam.all()).toEqual([]);
    const late = ipam.dnsRecords.add(entry('www', '203.0.113.10'), { registeredAs: 'public' });
    await expect(late).rejects.toBeInstanceOf(NotFound);
  });

  test.each([
    {
      what: 'an addition',
      run: (records: Records, requestId: string) => records.add(entry('www', '203.0.113.10'), { requestId }),
      since: (records: Records) => records.move(entry('www', '203.0.113.99')),
      is: ['mail.example.org 203.0.113.12', 'www.example.org 203.0.113.99'],
    },
    {
      what: 'a move',
      run: (records: Records, requestId: string) =>
        records.move(entry('mail', '203.0.113.10'), { requestId }),
      since: (records: Records) => records.move(entry('mail', '203.0.113.99')),
      is: ['mail.example.org 203.0.113.99'],
    },
    {
      what: 'a removal',
      run: (records: Records, requestId: string) => records.remove(name('mail'), { requestId }),
      since: (records: Records) => records.add(entry('mail', '203.0.113.99')),
      is: ['mail.example.org 203.0.113.99'],
    },
  ])('$what that comes again changes nothing, and does not fail', async ({ run, since, is }) => {
    const ipam = await scratchDns();
    const other = await ipam.openAnother();
    await ipam.dnsRecords.add(entry('mail', '203.0.113.12'));
    await Promise.all([run(ipam.dnsRecords, request('a')), run(other.dnsRecords, request('a'))]);
    await since(ipam.dnsRecords);
    await run(other.dnsRecords, request('a'));
    expect(await ipam.all()).toEqual(is);
  });

  test('that failed is tried anew when it comes again', async () => {
    const { dnsRecords, all } = await scratchDns();
    await dnsRecords.add(entry('www', '203.0.113.10'));
    const add = () => dnsRecords.add(entry('www', '203.0.113.11'), { requestId: request('a') });
    await expect(add()).rejects.toBeInstanceOf(FloatingIpDNSExists);
    await dnsRecords.remove(name('www'));
    await add();
    expect(await all()).toEqual(['www.example.org 203.0.113.11']);
  });

  test('that somebody else wrote is served only if it is one', async () => {
    const { database, all } = await scratchDns();
    await database.run((manager) =>
      manager.query(
        `INSERT INTO dns_entries (domain, name, type, address) VALUES
           ('example.org', 'good', 'A', '10.0.0.1'),
           ('example.org', 'two\\nlines', 'A', '10.0.0.2'),
           ('example.org\\n10.0.0.66 bank', 'x', 'A', '10.0.0.3'),
           ('example.org', 'six', 'AAAA', 'fd00::1')`,
      ),
    );
    expect(await all()).toEqual(['good.example.org 10.0.0.1']);
  });
});

/** Whether a transaction of this schema stands still. Looked at every 100 ms or more often, the view never changes. */
async function isSomebodyWaiting(database: Database): Promise<boolean> {
  const waiting = await database.run((manager) =>
    manager.query<object[]>(
      `SELECT t.trx_id FROM information_schema.innodb_trx t
         JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
        WHERE p.db = DATABASE() AND t.trx_state = 'LOCK WAIT'`,
    ),
  );
  return waiting.length > 0;
}

type Records = Awaited<ReturnType<typeof scratchDns>>['dnsRecords'];
