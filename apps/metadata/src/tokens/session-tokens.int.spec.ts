import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GuestCloud, type Service } from '../testing/guest-cloud.js';

const uuid = 'd8e02d56-2648-49a3-bf97-6be8f1204f38';
const HERE = '127.0.5.2';
const LIFE = 'X-aws-ec2-metadata-token-ttl-seconds';

let cloud: GuestCloud;
let optional: Service;
let required: Service;
beforeAll(async () => {
  cloud = await GuestCloud.create();
  await cloud.boot(uuid);
  optional = await cloud.serve({ metadata_token_secret: 'a' });
  required = await cloud.serve({ metadata_tokens: 'required', metadata_token_secret: 'a' });
});
afterAll(() => cloud.remove());

function askForToken(service: Service, headers = `${LIFE}: 60`, from = HERE, method = 'PUT') {
  return service.ask(from, `${method} /latest/api/token HTTP/1.1\r\nContent-Length: 0\r\n${headers}`);
}
const getWith = (service: Service, path: string, token: string, from = HERE) =>
  service.ask(from, `GET ${path} HTTP/1.1\r\nX-aws-ec2-metadata-token: ${token}`);

describe('a session token', () => {
  it('is given with its life', async () => {
    const { head, body } = await askForToken(optional);
    expect(head).toBe(
      'HTTP/1.1 200 OK\nX-Aws-Ec2-Metadata-Token-Ttl-Seconds: 60\nContent-Type: text/plain; charset=UTF-8\nContent-Length: 56',
    );
    expect(body).toMatch(/^.{54}==$/);
  });

  it.each([
    { headers: 'X-Nothing: 1', status: 400 },
    { headers: `${LIFE}: 0`, status: 400 },
    { headers: `${LIFE}: 21601`, status: 400 },
    { headers: `${LIFE}: ten`, status: 400 },
    { headers: `${LIFE}: -1`, status: 400 },
    { headers: `${LIFE}: 21600`, status: 200 },
    { headers: `${LIFE}: 60\r\nX-Forwarded-For: 10.0.0.3`, status: 403 },
  ])('asked for with "$headers" is answered with $status', async ({ headers, status }) => {
    expect((await askForToken(optional, headers)).status).toBe(status);
  });

  it.each(['GET', 'HEAD', 'POST', 'DELETE'])('cannot be had by %s', async (method) => {
    const { status, head } = await askForToken(optional, `${LIFE}: 60`, HERE, method);
    expect(status).toBe(405);
    expect(head).toContain('\nAllow: PUT\n');
  });

  it('is for instances alone', async () => {
    expect((await askForToken(optional, `${LIFE}: 60`, '127.0.5.9')).status).toBe(404);
  });
});

describe('where tokens are', () => {
  it.each([
    { name: 'optional', service: () => optional, path: '/latest/meta-data/hostname', token: '', status: 200 },
    {
      name: 'optional',
      service: () => optional,
      path: '/latest/meta-data/hostname',
      token: 'bad',
      status: 401,
    },
    { name: 'required', service: () => required, path: '/latest/meta-data/hostname', token: '', status: 401 },
    { name: 'required', service: () => required, path: '/latest/user-data', token: 'bad', status: 401 },
    {
      name: 'required',
      service: () => required,
      path: '/openstack/latest/user_data',
      token: '',
      status: 200,
    },
    {
      name: 'required',
      service: () => required,
      path: '/openstack/latest/user_data',
      token: 'bad',
      status: 401,
    },
  ])(
    '$name, $path with token "$token" is answered with $status',
    async ({ service, path, token, status }) => {
      const answer = token === '' ? service().get(path) : getWith(service(), path, token);
      expect((await answer).status).toBe(status);
    },
  );

  it('required, a good one opens what it should, also at another service with the same secret', async () => {
    const { body: token } = await askForToken(optional);
    expect((await getWith(required, '/latest/meta-data/hostname', token)).body).toBe('test.novalocal');
  });

  it('required, that of one instance opens nothing to another', async () => {
    const { body: token } = await askForToken(required);
    const other = '00000000-0000-4000-8000-00000000000b';
    const [nic] = await cloud.boot(other);
    const from = String(nic?.fixedIps[0]?.address);
    expect((await getWith(required, '/latest/meta-data/hostname', token, from)).status).toBe(401);
    await cloud.ipam.fixedIps.deallocate(other);
  });
});

describe('what an instance says of itself', () => {
  it.each([
    { meta: { http_tokens: 'required' }, service: () => optional, path: '/latest/user-data', status: 401 },
    {
      meta: { http_tokens: 'required' },
      service: () => optional,
      path: '/openstack/latest/user_data',
      status: 401,
    },
    { meta: { http_tokens: 'optional' }, service: () => required, path: '/latest/user-data', status: 200 },
    { meta: { http_endpoint: 'disabled' }, service: () => optional, path: '/latest/user-data', status: 403 },
    { meta: { http_endpoint: 'disabled' }, service: () => optional, path: '/latest/api/token', status: 405 },
  ])('goes before the configuration: $meta at $path is $status', async ({ meta, service, path, status }) => {
    const own = randomUUID();
    const [nic] = await cloud.boot(own, { meta });
    const answer = await service().get(path, String(nic?.fixedIps[0]?.address));
    await cloud.ipam.fixedIps.deallocate(own);
    await cloud.ipam.instances.remove(own);
    expect(answer.status).toBe(status);
  });
});
