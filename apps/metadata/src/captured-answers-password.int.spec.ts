import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signatureOf } from './callers/signed-proxy.js';
import { capturedInstance, errorAnswer, notFound, textAnswer, UUID } from './testing/captured-answers.js';
import { GuestCloud, type Service } from './testing/guest-cloud.js';

const HERE = '127.0.5.2';
const PATH = '/openstack/2013-04-04/password';
const TAKEN = errorAnswer('409 Conflict', 'There was a conflict when trying to complete your request.');
const TOO_LARGE = errorAnswer('400 Bad Request', 'Request is too large.');

let cloud: GuestCloud;
let service: Service;
beforeAll(async () => {
  cloud = await GuestCloud.create();
  await cloud.boot(UUID, capturedInstance);
  service = await cloud.serve({ metadata_rate_limit: '0' });
});
afterAll(() => cloud.remove());
beforeEach(() => cloud.ipam.instances.clearPassword(UUID));

const post = (body: string, path = PATH) =>
  service.ask(HERE, `POST ${path} HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`);

function postInPieces(size: number, count: number) {
  const piece = `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`;
  const head = `POST ${PATH} HTTP/1.1\r\nTransfer-Encoding: chunked`;
  return service.ask(HERE, `${head}\r\n\r\n${piece.repeat(count)}0\r\n\r\n`);
}

const versions = [
  '2013-04-04',
  '2013-10-17',
  '2015-10-15',
  '2016-06-30',
  '2016-10-06',
  '2017-02-22',
  '2018-08-27',
  'latest',
];

describe('a password', () => {
  it.each(versions)(
    'is left once, and is there at once, also where nova remembers that none was: %s',
    async (version) => {
      const path = `/openstack/${version}/password`;
      expect(await service.get(path)).toEqual(textAnswer(''));
      expect(await post('c2VjcmV0', path)).toEqual(textAnswer(''));
      expect(await service.get(`${path}/`)).toEqual(textAnswer('c2VjcmV0'));
      expect(await post('b3RoZXI=', path)).toEqual(TAKEN);
      expect(await service.get(path)).toEqual(textAnswer('c2VjcmV0'));
    },
  );

  it('fits four parts of 255 characters, and no more', async () => {
    expect(await post('x'.repeat(1021))).toEqual(TOO_LARGE);
    expect(await post('x'.repeat(1020))).toEqual(textAnswer(''));
    expect(await service.get(PATH)).toEqual(textAnswer('x'.repeat(1020)));
  });

  it('may come in pieces, where nova fails', async () => {
    expect(await postInPieces(511, 2)).toEqual(TOO_LARGE);
    expect(await postInPieces(510, 2)).toEqual(textAnswer(''));
    expect(await service.get(PATH)).toEqual(textAnswer('x'.repeat(1020)));
  });

  it.each(['PUT', 'PATCH'])('is not left by %s', async (method) => {
    expect(await service.ask(HERE, `${method} ${PATH} HTTP/1.1\r\nContent-Length: 0`)).toEqual(
      errorAnswer('400 Bad Request', 'GET and POST only are supported.'),
    );
  });

  it('of an instance that is gone is refused', async () => {
    const uuid = 'bbbbbbbb-2648-49a3-bf97-6be8f1204f38';
    const proxied = await cloud.serve({
      service_metadata_proxy: 'true',
      metadata_proxy_shared_secret: 's3cr3t',
    });
    const head = [
      `X-Instance-ID: ${uuid}`,
      `X-Instance-ID-Signature: ${signatureOf(uuid, 's3cr3t')}`,
      'X-Tenant-ID: project',
      'Content-Length: 1',
    ].join('\r\n');
    await cloud.boot(uuid, capturedInstance);
    // From now on it is remembered.
    expect((await proxied.ask(HERE, `GET ${PATH} HTTP/1.1\r\n${head}\r\n\r\nx`)).status).toBe(200);
    await cloud.ipam.fixedIps.deallocate(uuid);
    await cloud.ipam.instances.remove(uuid);
    expect(await proxied.ask(HERE, `POST ${PATH} HTTP/1.1\r\n${head}\r\n\r\nx`)).toEqual(notFound);
  });
});
