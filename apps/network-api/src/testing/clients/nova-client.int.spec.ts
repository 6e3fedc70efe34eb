import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { TestApi } from '../test-api.js';
import { registerInstance } from '../test-instances.js';
import { type IdentityService, startIdentityService } from './identity-service.js';
import { transcript } from './transcript.js';

const VM1 = 'b08eb8d8-0000-4000-8000-000000000001';

let api: TestApi;
let identity: IdentityService;

beforeAll(async () => {
  api = await TestApi.create({ databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') });
  identity = await startIdentityService(api.url);
  await registerInstance(api, VM1, 'admin', { displayName: 'vm1' });
  await api.ask('POST', '/v2.1/os-security-groups', { security_group: { name: 'web', description: 'web' } });
}, 120_000);
afterAll(async () => {
  identity?.close();
  await api?.remove();
});

it('the client `nova` is answered as nova answered it, as far as it still knows the network', async () => {
  const login = { authUrl: identity.url, user: 'admin', project: 'admin' };
  const commands = [
    'version-list',
    'list --fields name,status',
    'list-secgroup vm1',
    'add-secgroup vm1 web',
    'list-secgroup vm1',
    'remove-secgroup vm1 web',
    'remove-secgroup vm1 nosuch',
    'limits',
    'quota-show --tenant p1',
    'quota-update --floating-ips 3 p1',
    'quota-update --cores 3 p1',
    'quota-delete --tenant p1',
    'service-list',
  ];
  const text = await transcript('nova', login, commands);
  await expect(text).toMatchFileSnapshot('golden/nova.txt');
}, 120_000);
