import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestApi } from '../testing/test-api.js';
import { type Asking, Authenticator, type Authentication } from './authenticator.js';

/** Whoever says what becomes of him. */
class Told extends Authenticator {
  override async authenticate(request: Asking): Promise<Authentication> {
    const token = request.get('x-auth-token') ?? '';
    if (token === 'unknown') {
      return { status: 401, message: 'no', headers: { 'WWW-Authenticate': 'Keystone uri="http://k"' } };
    }
    if (token === 'unsure') return { status: 503, message: 'later', headers: { 'Retry-After': '10' } };
    return { userId: 'u', projectId: token, roles: ['admin'], isAdmin: true };
  }
}

let api: TestApi;
beforeAll(async () => {
  const servers = { databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') };
  const own = { authenticator: new Told(), projectRateLimit: 1, maxRequestBodySize: 114_688 };
  api = await TestApi.create(servers, {}, own);
}, 60_000);
afterAll(() => api?.remove());

const list = (token: string) => api.ask('GET', '/v2.1/os-networks', undefined, { token });

describe('at the door', () => {
  it('who is not known is told where to be known', async () => {
    const { status, headers, body } = await list('unknown');
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Keystone uri="http://k"']);
    expect(body.unauthorized).toEqual({ code: 401, message: 'no' });
  });

  it('who may be known is told to come again', async () => {
    const { status, headers, body } = await list('unsure');
    expect([status, headers.get('retry-after')]).toEqual([503, '10']);
    expect(body.serviceUnavailable).toEqual({ code: 503, message: 'later' });
  });

  it('a project that asks too often waits, and no other does', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => list('busy')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(10);
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
    expect(refused[0]?.body.overLimit).toEqual({
      code: 429,
      message: 'This request was rate-limited.',
      retryAfter: '1',
    });
    expect((await list('quiet')).status).toBe(200);
  });

  it('a body longer than max_request_body_size is refused, and one with all of user_data is not', async () => {
    const put = (bytes: number) => {
      const body = { project_id: 'p1', user_data: Buffer.alloc(bytes, 'x').toString('base64') };
      return api.ask('PUT', `/v1/instances/${crypto.randomUUID()}`, body, { token: 'writer' });
    };
    expect((await put(65_535)).status).toBe(200);
    const refused = await put(100_000);
    expect(refused.status).toBe(413);
    expect(refused.body.overLimit).toEqual({ code: 413, message: 'The request is too large.' });
  });
});
