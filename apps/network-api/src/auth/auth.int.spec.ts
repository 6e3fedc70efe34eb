import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestApi } from '../testing/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await TestApi.create({ databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') });
}, 60_000);
afterAll(() => api?.remove());

const BODY = { network: { label: 'n', cidr: '10.0.0.0/24' } };

describe('without Keystone (noauth2)', () => {
  it('who has no token is given the one that he asks for', async () => {
    const headers = { 'x-auth-user': 'joe', 'x-auth-project-id': 'p1' };
    const response = await fetch(`${api.url}/v2.1/os-networks`, { headers });
    expect(response.status).toBe(204);
    expect(response.headers.get('x-auth-token')).toBe('joe:p1');
    expect(response.headers.get('x-server-management-url')).toBe('/v2.1/os-networks/p1');
  });

  it('the user admin may do what others may not', async () => {
    const refused = await api.ask('POST', '/v2.1/os-networks', BODY, { token: 'joe:p1' });
    expect(refused.status).toBe(403);
    expect(refused.body.forbidden).toEqual({
      code: 403,
      message: "Policy doesn't allow os_compute_api:os-networks to be performed.",
    });
    expect((await api.ask('POST', '/v2.1/os-networks', BODY)).status).toBe(200);
  });

  it('a project in the path must be that of the token', async () => {
    const token = 'joe:7c0ce0b51c8b4b6d';
    expect((await api.ask('GET', '/v2.1/7c0ce0b51c8b4b6d/os-networks', undefined, { token })).status).toBe(
      200,
    );
    const other = await api.ask('GET', '/v2.1/0123456789abcdef/os-networks', undefined, { token });
    expect(other.status).toBe(400);
    expect(other.body.badRequest.message).toBe(
      "Malformed request URL: URL's project_id '0123456789abcdef' doesn't match Context's project_id '7c0ce0b51c8b4b6d'",
    );
  });

  it.each(['/', '/v2.1', '/v2', '/health/live', '/metrics', '/openapi.json'])(
    '%s is for everybody',
    async (path) => {
      expect((await fetch(api.url + path)).status).toBe(200);
    },
  );
});
