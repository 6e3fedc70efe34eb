import { once } from 'node:events';
import { createServer } from 'node:http';

/** What an OpenStack client finds where Keystone is: tokens, and a catalogue that names this API and nothing else. */
export interface IdentityService {
  readonly url: string;
  close(): void;
}

/**
 * Gives everybody the token of an administrator.
 * @param apiUrl of an API without Keystone, whose tokens say who somebody is (noauth2)
 */
export async function startIdentityService(apiUrl: string): Promise<IdentityService> {
  const server = createServer((request, response) => {
    const { port } = addressOf(server.address());
    const self = { rel: 'self', href: `http://127.0.0.1:${port}/v3/` };
    const version = { id: 'v3.6', status: 'stable', updated: '2016-04-04T00:00:00Z', links: [self] };
    const isLogin = request.method === 'POST' && request.url === '/v3/auth/tokens';
    response.writeHead(isLogin ? 201 : 200, {
      'content-type': 'application/json',
      ...(isLogin && { 'x-subject-token': 'admin:admin' }),
    });
    response.end(JSON.stringify(isLogin ? { token: tokenFor(apiUrl) } : { version }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${addressOf(server.address()).port}/v3`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function tokenFor(apiUrl: string) {
  const domain = { id: 'default', name: 'Default' };
  const endpoints = [{ id: 'e', interface: 'public', region: null, region_id: null, url: `${apiUrl}/v2.1` }];
  return {
    methods: ['password'],
    user: { id: 'admin', name: 'admin', domain },
    project: { id: 'admin', name: 'admin', domain },
    roles: [{ id: 'r', name: 'admin' }],
    issued_at: '2026-01-01T00:00:00.000000Z',
    expires_at: '2099-01-01T00:00:00.000000Z',
    catalog: [{ id: 'c', type: 'compute', name: 'nova', endpoints }],
  };
}

function addressOf(address: ReturnType<ReturnType<typeof createServer>['address']>): {
  readonly port: number;
} {
  if (typeof address !== 'object' || !address) throw new Error('it does not listen');
  return address;
}
