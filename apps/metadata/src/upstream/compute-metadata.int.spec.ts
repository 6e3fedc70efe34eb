import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { GuestCloud, type Service } from '../testing/guest-cloud.js';

const uuid = 'd8e02d56-2648-49a3-bf97-6be8f1204f38';

let cloud: GuestCloud;
/** As a compute service has it: it believes who signs. */
let compute: Service;
let ours: Service;
beforeAll(async () => {
  cloud = await GuestCloud.create();
  await cloud.boot(uuid);
  compute = await cloud.serve({
    service_metadata_proxy: 'true',
    metadata_proxy_shared_secret: 's3cr3t',
    metadata_rate_limit: '0',
  });
  ours = await cloud.serve({ metadata_upstream_url: compute.url, metadata_upstream_secret: 's3cr3t' });
});
afterAll(() => cloud.remove());

describe('an instance whose compute service has its metadata', () => {
  it.each([
    '/latest/meta-data/',
    '/latest/meta-data/local-ipv4',
    '/openstack/latest/user_data',
    '//openstack/2012-08-10/./meta_data.json?x=1',
    'http://169.254.169.254/latest/user-data',
    '/nothing',
  ])('gets what that says at %s', async (path) => {
    const direct = await cloud.serve();
    expect(await ours.get(path)).toEqual(await direct.get(path));
  });

  it('leaves its password there', async () => {
    const body = 'POST /openstack/latest/password HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc';
    expect((await ours.ask('127.0.5.2', body)).status).toBe(200);
    expect((await ours.ask('127.0.5.2', body)).status).toBe(409);
    expect((await ours.get('/openstack/latest/password')).body).toBe('abc');
  });

  it.each([
    '/\\127.0.0.1:1/metrics',
    '/openstack/..\\latest/meta-data/',
    '/\\[bad',
    '/openstack/%2e%2e\\latest',
  ])('cannot lead it anywhere else by %s', async (path) => {
    expect((await ours.get(path)).status).toBe(404);
  });

  it('gets 503 for an answer that is none', async () => {
    const liar = createServer((socket) => void socket.end('HTTP/1.1 099 x\r\nContent-Length: 0\r\n\r\n'));
    liar.listen(0, '127.0.0.1');
    await once(liar, 'listening');
    onTestFinished(() => void liar.close());
    const address = liar.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const fooled = await cloud.serve({
      metadata_upstream_url: `http://127.0.0.1:${port}`,
      metadata_upstream_secret: 's3cr3t',
    });
    expect((await fooled.get('/latest/meta-data/')).status).toBe(503);
    expect((await fooled.get('/')).status).toBe(200);
  });

  it('is told the length of what HEAD does not bring', async () => {
    const { head } = await ours.ask('127.0.5.2', 'HEAD /latest/user-data HTTP/1.1');
    expect(head).toContain('Content-Length: 5');
  });

  it('is known here before anybody is asked', async () => {
    expect((await ours.get('/latest/meta-data/', '127.0.5.9')).status).toBe(404);
  });

  it('is told to come again when that is away', async () => {
    const lost = await cloud.serve({
      metadata_upstream_url: 'http://127.0.0.1:1',
      metadata_upstream_secret: 's3cr3t',
    });
    expect((await lost.get('/latest/meta-data/')).status).toBe(503);
  });

  it('gets nothing when the secrets differ', async () => {
    const other = await cloud.serve({ metadata_upstream_url: compute.url, metadata_upstream_secret: 'x' });
    expect((await other.get('/latest/meta-data/')).status).toBe(403);
  });
});

describe('a service that believes a proxy', () => {
  it('believes nobody who does not sign, wherever he asks from', async () => {
    expect(await compute.get('/latest/meta-data/')).toMatchObject({
      status: 400,
      body: expect.stringContaining('X-Instance-ID header is missing from request.'),
    });
    expect((await compute.get('/')).status).toBe(200);
  });
});
