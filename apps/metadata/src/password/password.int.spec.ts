import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GuestCloud, type Service } from '../testing/guest-cloud.js';

const uuid = 'd8e02d56-2648-49a3-bf97-6be8f1204f38';
const PATH = '/openstack/2013-04-04/password';

let cloud: GuestCloud;
/** They share nothing but the database. */
let services: readonly [Service, Service];
beforeAll(async () => {
  cloud = await GuestCloud.create();
  await cloud.boot(uuid);
  services = [await cloud.serve(), await cloud.serve()];
});
afterAll(() => cloud.remove());
beforeEach(() => cloud.ipam.instances.clearPassword(uuid));

const post = (service: Service, body: string, path = PATH) =>
  service.ask('127.0.5.2', `POST ${path} HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`);

describe('a password', () => {
  it('is empty until one is left, and then that, at every service and at once', async () => {
    const [one, other] = services;
    expect(await one.get(PATH)).toMatchObject({ status: 200, body: '' });
    expect(await post(one, 'c2VjcmV0')).toMatchObject({ status: 200, body: '' });
    for (const service of services) expect(await service.get(PATH)).toMatchObject({ body: 'c2VjcmV0' });
    expect((await post(other, 'b3RoZXI=')).status).toBe(409);
    expect((await one.get('/openstack/latest/password')).body).toBe('c2VjcmV0');
  });

  it('is left by one of many that come at a time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => post(services[index % 2 === 0 ? 0 : 1], `p${index}`)),
    );
    const counts = Map.groupBy(answers, ({ status }) => status);
    expect([counts.get(200)?.length, counts.get(409)?.length]).toEqual([1, 9]);
  });

  it.each([
    { length: 1020, status: 200, says: '' },
    { length: 1021, status: 400, says: 'Request is too large.' },
    { length: 100_000, status: 400, says: 'Request is too large.' },
  ])('of $length characters is answered with $status', async ({ length, status, says }) => {
    const answer = await post(services[0], 'x'.repeat(length));
    expect(answer).toMatchObject({ status, body: expect.stringContaining(says) });
  });

  it('may come in pieces, and is refused when those are too many', async () => {
    const chunks = (size: number, count: number) => {
      const one = `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`;
      return `POST ${PATH} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${one.repeat(count)}0\r\n\r\n`;
    };
    expect((await services[0].ask('127.0.5.2', chunks(100, 11))).status).toBe(400);
    expect((await services[0].ask('127.0.5.2', chunks(100, 10))).status).toBe(200);
    expect((await services[0].get(PATH)).body).toBe('x'.repeat(1000));
  });

  it.each(['PUT', 'DELETE'])('cannot be left or cleared by %s', async (method) => {
    const answer = await services[0].ask('127.0.5.2', `${method} ${PATH} HTTP/1.1\r\nContent-Length: 0`);
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('GET and POST only') });
  });

  it.each(['/openstack/2099-01-01/password', '/openstack/other/password'])(
    'has no place in a version that there is not: %s',
    async (path) => {
      expect((await post(services[0], 'x', path)).status).toBe(404);
      expect((await services[0].get(PATH)).body).toBe('');
    },
  );

  it('does not exist before its version, and not for strangers', async () => {
    expect((await post(services[0], 'x', '/openstack/2012-08-10/password')).status).toBe(405);
    const stranger = await services[0].ask(
      '127.0.5.9',
      `POST ${PATH} HTTP/1.1\r\nContent-Length: 1\r\n\r\nx`,
    );
    expect(stranger.status).toBe(404);
  });
});
