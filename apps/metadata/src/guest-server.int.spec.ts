import { NestFactory } from '@nestjs/core';
import { loadSettings } from '@novanet/config';
import { createLogger, nestOptions, ObservabilityModule } from '@novanet/observability';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { GuestServer } from './guest-server.js';
import { DatabaseSource } from './lookup/database-source.js';
import { GuestCloud, type Service } from './testing/guest-cloud.js';

const uuid = 'd8e02d56-2648-49a3-bf97-6be8f1204f38';

let cloud: GuestCloud;
let service: Service;
beforeAll(async () => {
  cloud = await GuestCloud.prepare();
  service = await cloud.serve({}, false);
});
afterAll(() => cloud.remove());

describe('before the database is there', () => {
  it('tells instances to come again, and knows no instance that is not there', async () => {
    expect(await service.get('/latest/meta-data/instance-id')).toEqual({
      status: 503,
      head: 'HTTP/1.1 503 Service Unavailable\nRetry-After: 1\nContent-Type: text/plain; charset=UTF-8\nContent-Length: 100',
      body: '503 Service Unavailable\n\nThe server is currently unavailable. Please try again at a later time.\n\n   ',
    });
    expect((await service.get('/')).status).toBe(200);
  });

  it('is not ready', async () => {
    const checks = [{ name: 'database', check: () => service.source.check() }];
    const log = nestOptions(createLogger('test', 'fatal'));
    const health = await NestFactory.create(ObservabilityModule.forRoot({ checks }), log);
    onTestFinished(() => health.close());
    await health.listen(0, '127.0.0.1');
    const answer = await fetch(`${await health.getUrl()}/health/ready`);
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('The database is not available: not connected yet');
  });
});

it('ends also when it has not begun', async () => {
  const log = createLogger('test', 'fatal');
  const source = new DatabaseSource(cloud.mariadb.url, log);
  const settings = loadSettings({ argv: [], env: {}, warn: () => {} });
  const server = new GuestServer({ settings, source, neighbour: () => undefined, log });
  await expect(server.close()).resolves.toBeUndefined();
});

describe('an instance', () => {
  beforeAll(async () => {
    await cloud.start();
    await service.source.open();
    await cloud.boot(uuid);
  });

  it('is known by the address it asks from', async () => {
    expect(await service.get('/latest/meta-data/hostname')).toEqual({
      status: 200,
      head: 'HTTP/1.1 200 OK\nContent-Type: text/plain; charset=UTF-8\nContent-Length: 14',
      body: 'test.novalocal',
    });
  });

  it('gets JSON as such', async () => {
    const { head, body } = await service.get('/openstack/2012-08-10/meta_data.json');
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\nContent-Type: application\/json\nContent-Length: \d+$/);
    expect(body).toMatch(/^\{"uuid": "d8e02d56-2648-49a3-bf97-6be8f1204f38", "meta": \{"role": "web"\}, /);
  });

  it('gets another random seed each time', async () => {
    const seedOf = async () => {
      const { body } = await service.get('/openstack/latest/meta_data.json');
      const { random_seed: seed }: { random_seed: string } = JSON.parse(body);
      return seed;
    };
    const seeds = [await seedOf(), await seedOf()];
    expect(seeds[0]).not.toBe(seeds[1]);
    expect(Buffer.from(seeds[0] ?? '', 'base64')).toHaveLength(512);
  });

  it.each([
    { path: '//openstack//latest//user_data', body: 'hello' },
    { path: '/openstack/../latest/meta-data/instance-id', body: 'i-00000001' },
    { path: '/latest/meta-data/local-ipv4/?x=1', body: '127.0.5.2' },
    { path: 'http://169.254.169.254/2009-04-04/user-data', body: 'hello' },
    { path: '/openstack/latest/vendor_data.json', body: '{}' },
    { path: '/openstack/latest/vendor_data2.json', body: '{"static": {}}' },
  ])('may write $path', async ({ path, body }) => {
    const answer = await service.get(path);
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body });
  });

  it.each(['/nothing', '/%zz', '/latest/%00', '/latest/meta-data/ami-id/x', '/openstack/latest/content'])(
    'finds nothing at %s',
    async (path) => {
      expect((await service.get(path)).status).toBe(404);
    },
  );

  it.each(['x', '/\xff'])('is told so when %s is no HTTP', async (path) => {
    expect((await service.get(path)).status).toBe(400);
  });

  it('gets the head alone for HEAD', async () => {
    expect(await service.ask('127.0.5.2', 'HEAD /latest/user-data HTTP/1.1')).toEqual({
      status: 200,
      head: 'HTTP/1.1 200 OK\nContent-Type: text/plain; charset=UTF-8\nContent-Length: 5',
      body: '',
    });
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('may not %s', async (method) => {
    const answer = await service.ask(
      '127.0.5.2',
      `${method} /latest/user-data HTTP/1.1\r\nContent-Length: 0`,
    );
    expect(answer.head).toMatch(/^HTTP\/1\.1 405 Method Not Allowed\nAllow: GET, HEAD\n/);
  });

  it('cannot be impersonated by a header', async () => {
    const headers = `X-Forwarded-For: 127.0.5.2\r\nX-Instance-ID: ${uuid}`;
    const answer = await service.ask('127.0.5.9', `GET /latest/meta-data/ HTTP/1.1\r\n${headers}`);
    expect(answer.status).toBe(404);
  });

  it.each([
    { from: '127.0.5.9', what: 'a free address' },
    { from: '127.0.5.1', what: 'a gateway' },
    { from: '127.0.6.2', what: 'an address of no network' },
  ])('is not found at $what', async ({ from }) => {
    expect((await service.get('/latest/meta-data/', from)).status).toBe(404);
    expect((await service.get('/', from)).body).toMatch(/^1\.0\n2007-01-19\n.*\nlatest$/s);
  });

  it('that asks too often is told to wait, and nobody else', async () => {
    const strict = await cloud.serve({ metadata_rate_limit: '1' });
    const statuses: number[] = [];
    for (let time = 0; time < 12; time += 1) statuses.push((await strict.get('/latest')).status);
    expect(statuses.slice(0, 10)).toEqual(Array<number>(10).fill(200));
    const late = await strict.get('/latest');
    expect(late.head).toMatch(/^HTTP\/1\.1 429 Too Many Requests\nRetry-After: 1\n/);
    expect((await strict.get('/latest', '127.0.5.3')).status).toBe(404);
  });
});

describe('while the database is away', () => {
  it('who is certainly the same as before is served, and nobody else', { timeout: 60_000 }, async () => {
    const [nic] = await cloud.ipam.fixedIps.nicsOf(uuid);
    const path = '/latest/meta-data/hostname';
    expect((await service.get(path)).status).toBe(200);
    await cloud.mariadb.stop();
    const begin = performance.now();
    expect((await service.get(path)).status).toBe(503);
    expect(performance.now() - begin).toBeLessThan(5000);
    if (nic) cloud.neighbours.set('127.0.5.2', nic.vif.mac);
    expect(await service.get(path)).toMatchObject({ status: 200, body: 'test.novalocal' });
    expect((await service.get(path, '127.0.5.3')).status).toBe(503);
    cloud.neighbours.clear();
    await cloud.mariadb.start();
    await expect.poll(async () => (await service.get(path)).status, { timeout: 10_000 }).toBe(200);
  });
});

describe('an address that goes from one instance to another', () => {
  it('leads to the one that has it now, a thousand times of a thousand', { timeout: 120_000 }, async () => {
    await cloud.ipam.fixedIps.deallocate(uuid);
    expect((await service.get('/latest/meta-data/hostname')).status).toBe(404);
    for (let round = 0; round < 1000; round += 1) {
      const next = `00000000-0000-4000-8000-${String(round).padStart(12, '0')}`;
      const [nic] = await cloud.boot(next, { hostname: `vm${round}` });
      const from = nic?.fixedIps[0]?.address.toString() ?? '';
      expect((await service.get('/latest/meta-data/hostname', from)).body).toBe(`vm${round}.novalocal`);
      await cloud.ipam.fixedIps.deallocate(next);
    }
  });
});
