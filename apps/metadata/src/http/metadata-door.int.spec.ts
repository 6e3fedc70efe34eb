import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { FixedIpLedger, InstanceRegistration, Network } from '@novanet/ipam';
import { Ipv4Cidr, parseDeviceName } from '@novanet/net-address';
import { createLogger, ObservabilityModule, nestOptions } from '@novanet/observability';
import { createIpam, openDatabase, type Ipam } from '@novanet/persistence';
import { mariadbServer, type BackingServer } from '@novanet/testbed';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatabaseLookup } from '../lookup/database-lookup.js';
import { createGuestServer } from '../metadata.module.js';

const log = createLogger('test', 'fatal');
// Every address of 127.0.0.0/8 can be asked from: they stand for instances here.
const CIDR = Ipv4Cidr.parse('127.0.5.0/24');

let mariadb: BackingServer;
let ipam: Ipam;
let network: Network;
let lookup: DatabaseLookup;
let app: NestExpressApplication;
let port: number;
const cleanup: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  mariadb = await mariadbServer({
    directory: await mkdtemp(join(tmpdir(), 'novanet-metadata-')),
    schema: 'novanet',
  });
  cleanup.push(() => mariadb.remove());
  lookup = new DatabaseLookup(mariadb.url, log);
  app = await createGuestServer(lookup, 'novalocal', log);
  cleanup.push(() => app.close());
  await app.listen(0, '127.0.0.1');
  port = Number(new URL(await app.getUrl()).port);
});
afterAll(async () => {
  for (const each of cleanup.toReversed()) await each();
});

/** One request as raw bytes; head without the lines that change. */
async function ask(from: string, request: string): Promise<{ head: string; body: string }> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  await once(socket, 'connect');
  socket.write(`${request}\r\nHost: 169.254.169.254\r\nConnection: close\r\n\r\n`);
  const [head = '', body = ''] = (await text(socket.setEncoding('latin1'))).split('\r\n\r\n');
  const stable = head.split('\r\n').filter((line) => !/^(Date|Connection): /.test(line));
  return { head: stable.join('\n'), body };
}
const get = (path: string, from = '127.0.5.2') => ask(from, `GET ${path} HTTP/1.1`);
const statusOf = ({ head }: { head: string }) => Number(head.split(' ')[1]);

function registration(uuid: string, hostname: string): InstanceRegistration {
  return {
    uuid,
    computeId: null,
    projectId: 'p',
    userId: 'u',
    host: null,
    displayName: hostname,
    hostname,
    availabilityZone: null,
    launchIndex: 0,
    reservationId: 'r-0badf00d',
    instanceType: 'm1.tiny',
    amiId: null,
    kernelId: null,
    ramdiskId: null,
    keyName: 'mykey',
    publicKey: 'ssh-rsa AAAA\n',
    userData: 'aGVsbG8=',
    meta: { role: 'web' },
    securityGroups: ['default'],
  };
}

async function boot(uuid: string, hostname: string): ReturnType<FixedIpLedger['allocate']> {
  await ipam.instances.register(registration(uuid, hostname));
  return ipam.fixedIps.allocate({ instance: { uuid, projectId: 'p', host: null }, nics: [{ network }] });
}

describe('before the database is there', () => {
  it('tells instances to come again, and knows no instance that is not there', async () => {
    expect(await get('/latest/meta-data/instance-id')).toEqual({
      head: 'HTTP/1.1 503 Service Unavailable\nRetry-After: 1\nContent-Type: text/plain; charset=UTF-8\nContent-Length: 100',
      body: '503 Service Unavailable\n\nThe server is currently unavailable. Please try again at a later time.\n\n   ',
    });
    expect(statusOf(await get('/'))).toBe(200);
  });

  it('is not ready', async () => {
    const checks = [{ name: 'database', check: () => lookup.check() }];
    const health = await NestFactory.create(ObservabilityModule.forRoot({ checks }), nestOptions(log));
    cleanup.push(() => health.close());
    await health.listen(0, '127.0.0.1');
    const answer = await fetch(`${await health.getUrl()}/health/ready`);
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('The database is not available: not connected yet');
  });
});

describe('an instance', () => {
  const uuid = 'd8e02d56-2648-49a3-bf97-6be8f1204f38';

  beforeAll(async () => {
    await mariadb.start();
    await lookup.open();
    const database = await openDatabase({ url: mariadb.url, poolSize: 2 });
    cleanup.push(() => database.close());
    ipam = createIpam(database);
    const ip = (index: number) => CIDR.at(index);
    const subnet = {
      version: 4 as const,
      cidr: CIDR,
      gateway: ip(1),
      dhcpServer: ip(1),
      dhcpStart: ip(2),
      pool: { first: ip(2), last: ip(3) },
      reserved: [],
    };
    const [created] = await ipam.networks.create(() => [
      {
        uuid: '5d3ca0e0-0000-4000-8000-000000000001',
        label: 'private',
        projectId: null,
        isMultiHost: false,
        isInjected: false,
        bridge: parseDeviceName('br100'),
        bridgeInterface: null,
        vlan: null,
        vpnPublicAddress: null,
        vpnPublicPort: null,
        vpnPrivateAddress: null,
        dns1: null,
        dns2: null,
        mtu: null,
        priority: null,
        enableDhcp: true,
        shareAddress: false,
        subnets: [subnet],
      },
    ]);
    if (!created) throw new Error('no network');
    network = created;
    await boot(uuid, 'test');
  });

  it('is known by the address it asks from', async () => {
    expect(await get('/latest/meta-data/hostname')).toEqual({
      head: 'HTTP/1.1 200 OK\nContent-Type: text/plain; charset=UTF-8\nContent-Length: 14',
      body: 'test.novalocal',
    });
  });

  it('gets JSON as such', async () => {
    const { head, body } = await get('/openstack/2012-08-10/meta_data.json');
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\nContent-Type: application\/json\nContent-Length: \d+$/);
    expect(body).toMatch(/^\{"uuid": "d8e02d56-2648-49a3-bf97-6be8f1204f38", "meta": \{"role": "web"\}, /);
  });

  it('gets another random seed each time', async () => {
    const seeds = await Promise.all(
      [1, 2].map(async () => {
        const { random_seed: seed }: { random_seed: string } = JSON.parse(
          (await get('/openstack/latest/meta_data.json')).body,
        );
        return seed;
      }),
    );
    expect(seeds[0]).not.toBe(seeds[1]);
    expect(Buffer.from(seeds[0] ?? '', 'base64')).toHaveLength(512);
  });

  it.each([
    { path: '//openstack//latest//user_data', body: 'hello' },
    { path: '/openstack/../latest/meta-data/instance-id', body: 'i-00000001' },
    { path: '/latest/meta-data/local-ipv4/?x=1', body: '127.0.5.2' },
    { path: 'http://169.254.169.254/2009-04-04/user-data', body: 'hello' },
  ])('may write $path', async ({ path, body }) => {
    const answer = await get(path);
    expect({ status: statusOf(answer), body: answer.body }).toEqual({ status: 200, body });
  });

  it.each([
    '/nothing',
    '/%zz',
    '/latest/%00',
    '/latest/meta-data/ami-id/x',
    '/openstack/latest/content',
    'http://[',
  ])('finds nothing at %s', async (path) => {
    expect(statusOf(await get(path))).toBe(404);
  });

  it.each(['x', '/\xff'])('is told so when %s is no HTTP', async (path) => {
    expect(statusOf(await get(path))).toBe(400);
  });

  it('gets the head alone for HEAD', async () => {
    expect(await ask('127.0.5.2', 'HEAD /latest/user-data HTTP/1.1')).toEqual({
      head: 'HTTP/1.1 200 OK\nContent-Type: text/plain; charset=UTF-8\nContent-Length: 5',
      body: '',
    });
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('may not %s', async (method) => {
    const answer = await ask('127.0.5.2', `${method} /latest/user-data HTTP/1.1\r\nContent-Length: 0`);
    expect(answer.head).toMatch(/^HTTP\/1\.1 405 Method Not Allowed\nAllow: GET, HEAD\n/);
  });

  it('cannot be impersonated by a header', async () => {
    const request = 'GET /latest/meta-data/ HTTP/1.1\r\nX-Forwarded-For: 127.0.5.2\r\nX-Instance-ID: ' + uuid;
    expect(statusOf(await ask('127.0.5.9', request))).toBe(404);
  });

  it.each([
    { from: '127.0.5.9', what: 'a free address' },
    { from: '127.0.5.1', what: 'a gateway' },
    { from: '127.0.6.2', what: 'an address of no network' },
  ])('is not found at $what', async ({ from }) => {
    expect(statusOf(await get('/latest/meta-data/', from))).toBe(404);
    expect((await get('/', from)).body).toMatch(/^1\.0\n2007-01-19\n.*\nlatest$/s);
  });

  it('never gets what belongs to the one that had its address before', async () => {
    await ipam.fixedIps.deallocate(uuid);
    expect(statusOf(await get('/latest/meta-data/hostname'))).toBe(404);
    // Two addresses are in the pool: the second to come gets the one that rested longest.
    await boot('00000000-0000-4000-8000-00000000000a', 'second');
    await boot('00000000-0000-4000-8000-00000000000b', 'third');
    const names = await Promise.all(
      ['127.0.5.2', '127.0.5.3'].map(async (from) => (await get('/latest/meta-data/hostname', from)).body),
    );
    expect(names.sort((one, other) => one.localeCompare(other))).toEqual([
      'second.novalocal',
      'third.novalocal',
    ]);
  });

  it('is told to come again while the database is away, and served when it is back', async () => {
    await mariadb.stop();
    const begin = performance.now();
    expect(statusOf(await get('/latest/meta-data/instance-id'))).toBe(503);
    expect(performance.now() - begin).toBeLessThan(5000);
    await mariadb.start();
    await expect
      .poll(async () => statusOf(await get('/latest/meta-data/instance-id')), { timeout: 10_000 })
      .toBe(200);
  });
});
