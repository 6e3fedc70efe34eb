import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  answer,
  capturedInstance,
  errorAnswer,
  notFound,
  textAnswer,
  UUID,
} from './testing/captured-answers.js';
import { GuestCloud, type Service } from './testing/guest-cloud.js';

const HERE = '127.0.5.2';

let cloud: GuestCloud;
let service: Service;
beforeAll(async () => {
  cloud = await GuestCloud.create();
  await cloud.boot(UUID, capturedInstance);
  service = await cloud.serve({ metadata_rate_limit: '0' });
});
afterAll(() => cloud.remove());

const USER_DATA = textAnswer('#!/bin/sh\necho \xff\n');

describe('a path', () => {
  it.each([
    { path: '/openstack/latest/', same: '/openstack/latest' },
    { path: '//openstack//latest//user_data', same: '/openstack/latest/user_data' },
    { path: '/openstack/../latest/meta-data/instance-id', same: '/latest/meta-data/instance-id' },
    { path: '/latest/./meta-data/', same: '/ec2/latest/meta-data' },
    { path: '/../../latest/meta-data', same: '/latest/meta-data' },
    { path: '/latest/meta-data?a=b&c=/d', same: '/latest/meta-data' },
    { path: '/?latest', same: '/' },
  ])('is a file’s: $path is $same', async ({ path, same }) => {
    const expected = await service.get(same);
    expect(expected.status).toBe(200);
    expect(await service.get(path)).toEqual(expected);
  });
});

describe('a method', () => {
  const paths = ['/', '/latest/user-data', '/openstack/latest/meta_data.json', '/nothing'];
  it.each(paths.flatMap((path) => ['POST', 'PUT', 'DELETE', 'PATCH'].map((method) => ({ method, path }))))(
    'that does not read is refused, though nova answers it: $method $path',
    async ({ method, path }) => {
      expect(await service.ask(HERE, `${method} ${path} HTTP/1.1\r\nContent-Length: 0`)).toEqual(
        errorAnswer('405 Method Not Allowed', 'The method is not allowed for this resource.', [
          'Allow: GET, HEAD',
        ]),
      );
    },
  );

  it('that asks for the head brings that of the whole', async () => {
    for (const path of ['/', '/latest/user-data', '/openstack/latest', '/nothing']) {
      const { status, head } = await service.get(path);
      expect(await service.ask(HERE, `HEAD ${path} HTTP/1.1`)).toEqual({ status, head, body: '' });
    }
  });
});

describe('a header', () => {
  it.each(['Range: bytes=0-3', 'Content-Type: text/plain; charset=utf-8', 'Accept-Encoding: gzip, deflate'])(
    'changes nothing: %s',
    async (header) => {
      expect(await service.ask(HERE, `GET /latest/user-data HTTP/1.1\r\n${header}`)).toEqual(USER_DATA);
    },
  );

  it('may name another instance, and changes nothing', async () => {
    const headers =
      'X-Instance-ID: x\r\nX-Instance-ID-Signature: x\r\nX-Tenant-ID: x\r\nX-Forwarded-For: 127.0.5.3';
    expect(await service.ask(HERE, `GET /latest/user-data HTTP/1.1\r\n${headers}`)).toEqual(USER_DATA);
  });
});

const HTML =
  '<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1>\n' +
  '  The resource could not be found.<br /><br />\n\n\n\n </body>\n</html>';
const JSON_PAGE =
  '{"message": "The resource could not be found.<br /><br />\\n\\n\\n", "code": "404 Not Found", "title": "Not Found"}';

describe('an error', () => {
  it.each([
    { accept: '*/*', contentType: 'text/html; charset=UTF-8', page: HTML },
    { accept: 'text/html', contentType: 'text/html; charset=UTF-8', page: HTML },
    { accept: 'application/json, text/html;q=0.1', contentType: 'text/html; charset=UTF-8', page: HTML },
    { accept: 'application/json', contentType: 'application/json', page: JSON_PAGE },
  ])('is told as $contentType to who accepts $accept', async ({ accept, contentType, page }) => {
    for (const [from, path] of [
      [HERE, '/nothing'],
      ['127.0.5.9', '/latest/'],
    ] as const) {
      expect(await service.ask(from, `GET ${path} HTTP/1.1\r\nAccept: ${accept}`)).toEqual(
        answer('404 Not Found', contentType, page),
      );
    }
    expect(HTML).toHaveLength(154);
  });

  it.each(['text/plain', 'image/png', ''])('is told as text to who accepts "%s"', async (accept) => {
    const request = `GET /nothing HTTP/1.1\r\nAccept: ${accept}`;
    expect(await service.ask(HERE, request)).toEqual(notFound);
    expect(await service.get('/nothing')).toEqual(notFound);
  });
});

describe('an instance', () => {
  it('may have names of any letters, and its keys are listed so that clients can split the line', async () => {
    const uuid = 'bbbbbbbb-2648-49a3-bf97-6be8f1204f38';
    const own = { keyName: 'schlüssel=a/b\nc', securityGroups: ['grün'], meta: { ä: '€' }, displayName: 'é' };
    const [nic] = await cloud.boot(uuid, { ...capturedInstance, ...own });
    const from = String(nic?.fixedIps[0]?.address);
    const bytes = (content: string) => textAnswer(Buffer.from(content).toString('latin1'));
    expect(await service.get('/latest/meta-data/public-keys', from)).toEqual(bytes('0=schlüssel_a_b_c'));
    expect(await service.get('/latest/meta-data/security-groups', from)).toEqual(bytes('grün'));
    expect((await service.get('/openstack/2012-08-10/meta_data.json', from)).body).toMatch(
      /"meta": \{"\\u00e4": "\\u20ac"\}.*"name": "\\u00e9"/,
    );
    await cloud.ipam.fixedIps.deallocate(uuid);
  });

  it('that has its addresses for a moment, and that nobody has told of, is asked to come again', async () => {
    const uuid = 'cccccccc-2648-49a3-bf97-6be8f1204f38';
    const instance = { uuid, projectId: 'project', host: null };
    await cloud.ipam.fixedIps.allocate({ instance, nics: [{ network: cloud.network }] });
    const [nic] = await cloud.ipam.fixedIps.nicsOf(uuid);
    const from = String(nic?.fixedIps[0]?.address);
    expect((await service.get('/latest/meta-data/hostname', from)).status).toBe(503);
    await cloud.boot(uuid, { displayName: 'told', hostname: 'told' }, []);
    expect(await service.get('/latest/meta-data/hostname', from)).toEqual(textAnswer('told.novalocal'));
    await cloud.ipam.fixedIps.deallocate(uuid);
  });

  it('that nobody tells of is told what is known of it', async () => {
    const uuid = 'dddddddd-2648-49a3-bf97-6be8f1204f38';
    const instance = { uuid, projectId: 'project', host: null };
    await cloud.ipam.fixedIps.allocate({ instance, nics: [{ network: cloud.network }] });
    const [nic] = await cloud.ipam.fixedIps.nicsOf(uuid);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
    onTestFinished(() => void vi.useRealTimers());
    const from = String(nic?.fixedIps[0]?.address);
    const told = await service.get('/latest/meta-data/hostname', from);
    expect(told).toEqual(textAnswer(`server-${uuid}.novalocal`));
    await cloud.ipam.fixedIps.deallocate(uuid);
  });
});

describe('a connection', () => {
  it('is kept for the next request, and its answers say length, type and date', async () => {
    const port = Number(new URL(service.url).port);
    const socket = connect({ port, host: '127.0.0.1', localAddress: HERE });
    await once(socket, 'connect');
    const lines = 'Host: 169.254.169.254\r\n';
    socket.write(`GET /latest/meta-data/hostname HTTP/1.1\r\n${lines}\r\n`);
    const [first = '']: string[] = await once(socket.setEncoding('latin1'), 'data');
    expect(first).toMatch(/\r\n\r\ntest\.novalocal$/);
    const names = (first.split('\r\n\r\n')[0] ?? '').match(/^[\w-]+(?=: )/gm);
    expect(first).toContain('Keep-Alive: timeout=5');
    expect(names).toEqual(['Content-Type', 'Content-Length', 'Date', 'Connection', 'Keep-Alive']);
    socket.write(`GET /latest/meta-data/ami-id HTTP/1.1\r\n${lines}Connection: close\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nami-00000001$/s);
  });
});
