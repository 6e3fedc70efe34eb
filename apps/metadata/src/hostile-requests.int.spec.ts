import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signatureOf } from './callers/signed-proxy.js';
import { GuestCloud, type Service } from './testing/guest-cloud.js';

const [OWN, OTHERS] = ['d8e02d56-2648-49a3-bf97-6be8f1204f38', 'aaaaaaaa-2648-49a3-bf97-6be8f1204f38'];
/** What is in everything that can be read of the other instance. */
const MARK = 'belongs-to-the-other';

let cloud: GuestCloud;
let service: Service;
beforeAll(async () => {
  cloud = await GuestCloud.create();
  await cloud.boot(OWN);
  await cloud.boot(OTHERS, {
    hostname: MARK,
    displayName: MARK,
    publicKey: MARK,
    userData: Buffer.from(MARK).toString('base64'),
    meta: { [MARK]: MARK },
    securityGroups: [MARK],
    instanceType: MARK,
  });
  service = await cloud.serve({ metadata_rate_limit: '0' });
});
afterAll(() => cloud.remove());

const word = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...vocabulary()) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }).map(encodeURIComponent) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('%', '%zz', '%00', '%2e%2e', '%2F', '..', '.', '', '\\', '~', '%ff%fe'),
  },
  { weight: 1, arbitrary: fc.nat(300).map((length) => 'x'.repeat(length * 20)) },
);
const path = fc
  .tuple(fc.constantFrom('/', '//', '', 'http://169.254.169.254/', '?'), fc.array(word, { maxLength: 7 }))
  .map(([start, words]) => start + words.join('/'));
const method = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT') },
  { weight: 1, arbitrary: fc.constantFrom('DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'get', 'FOO') },
);
const header = fc.oneof(
  fc.constantFrom(
    'X-Forwarded-For: 127.0.5.3',
    'X-Forwarded-For: 127.0.5.3, 127.0.5.2',
    `X-Instance-ID: ${OTHERS}`,
    `X-Instance-ID-Signature: ${signatureOf(OTHERS, '')}`,
    'X-Tenant-ID: p',
    'X-aws-ec2-metadata-token: x',
    'X-aws-ec2-metadata-token-ttl-seconds: 60',
    'Accept: application/json',
    'Accept: */*',
    'Range: bytes=0-1',
    'Expect: 100-continue',
    'Host: belongs',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: gzip, chunked',
    'Content-Length: 3',
    'Content-Length: -1',
    'Upgrade: h2c',
    'Connection: Upgrade',
    ': nothing',
  ),
  fc.string({ maxLength: 30 }).map((value) => `X-Any: ${value}`),
  fc.nat(200).map((length) => `X-Long: ${'y'.repeat(length * 100)}`),
);
const body = fc.constantFrom('', 'abc', '3\r\nabc\r\n0\r\n\r\n', 'zz\r\n', '\0\0\0', 'x'.repeat(5000));

function vocabulary(): readonly string[] {
  const words =
    'latest 2009-04-04 1.0 2018-08-27 2012-08-10 ec2 openstack content 0000 meta-data user-data user_data meta_data.json ' +
    'vendor_data2.json network_data.json password public-keys 0 openssh-key _name hostname api token placement version ' +
    '__proto__ constructor toString hasOwnProperty';
  return words.split(' ');
}

/** What comes back before the connection ends, of whatever is sent; the sender says nothing more. */
async function shout(bytes: string): Promise<string> {
  const port = Number(new URL(service.url).port);
  const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.5.2' });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.end(Buffer.from(bytes, 'latin1'));
  return text(socket.setEncoding('latin1')).catch(() => '');
}

describe('whatever an instance sends', () => {
  it(
    'is never an error of ours, nor answered with what belongs to another',
    { timeout: 120_000 },
    async () => {
      const seed = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);
      console.log(`PROPERTY_SEED=${seed}`);
      const request = fc.tuple(method, path, fc.array(header, { maxLength: 5 }), body);
      await fc.assert(
        fc.asyncProperty(request, async ([verb, target, headers, content]) => {
          const lines = [
            `${verb} ${target} HTTP/1.1`,
            'Host: 169.254.169.254',
            'Connection: close',
            ...headers,
          ];
          const answer = await shout(`${lines.join('\r\n')}\r\n\r\n${content}`);
          expect(answer).not.toMatch(/^HTTP\/1\.1 5/);
          expect(answer).not.toContain(MARK);
          expect(answer).not.toContain(Buffer.from(MARK).toString('base64'));
        }),
        { numRuns: 1500, seed, verbose: true },
      );
      expect((await service.get('/latest/meta-data/hostname')).body).toBe('test.novalocal');
      expect((await service.get('/latest/meta-data/hostname', '127.0.5.3')).body).toBe(`${MARK}.novalocal`);
    },
  );

  it('may be no HTTP at all', async () => {
    const bytes = fc.string({ unit: 'binary', maxLength: 500 });
    await fc.assert(
      fc.asyncProperty(bytes, async (anything) => {
        expect(await shout(anything)).not.toMatch(/^HTTP\/1\.1 5/);
      }),
      { numRuns: 200 },
    );
  });

  it('may be huge: it is refused, and others are served', async () => {
    const answer = await shout(`GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
    // The rest of it may come too late to be read with the answer.
    expect(answer).toMatch(/^(HTTP\/1\.1 431 .*)?/s);
    expect(answer).not.toContain('200 OK');
    expect((await service.get('/latest')).status).toBe(200);
  });

  it('may be so many connections that others had none left: they are cut off, and others are served', async () => {
    const port = Number(new URL(service.url).port);
    const many = Array.from({ length: 300 }, () =>
      connect({ port, host: '127.0.0.1', localAddress: '127.0.5.2' }).on('error', () => undefined),
    );
    const isCut = (socket: (typeof many)[number]) => socket.closed || socket.readableEnded;
    for (const socket of many) socket.resume();
    await expect.poll(() => many.filter(isCut).length, { timeout: 5000 }).toBe(44);
    expect((await service.get('/latest', '127.0.5.3')).status).toBe(200);
    for (const socket of many) socket.destroy();
    await expect.poll(async () => (await service.get('/latest').catch(() => undefined))?.status).toBe(200);
  });

  it('may come so slowly that it never ends: it is cut off, and others are served', async () => {
    const port = Number(new URL(service.url).port);
    const slow = Array.from({ length: 200 }, () =>
      connect({ port, host: '127.0.0.1', localAddress: '127.0.5.2' }).on('error', () => undefined),
    );
    await Promise.all(slow.map((socket) => once(socket, 'connect')));
    for (const socket of slow) socket.write('GET /latest HTTP/1.1\r\nHost: ');
    expect((await service.get('/latest', '127.0.5.3')).status).toBe(200);
    const begin = performance.now();
    const endings = await Promise.all(slow.map((socket) => text(socket.setEncoding('latin1'))));
    expect(performance.now() - begin).toBeLessThan(15_000);
    for (const ending of endings) expect(ending).toMatch(/^HTTP\/1\.1 408 /);
  });
});
