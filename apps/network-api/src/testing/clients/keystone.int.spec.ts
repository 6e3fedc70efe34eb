import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { chooseAuthenticator } from '../../auth/choose-authenticator.js';
import { PolicyBook } from '../../policy/policy-book.js';
import { Operator } from '../operator.js';
import { settingsWith } from '../settings-with.js';
import { log } from '../test-cloud.js';
import { TestApi } from '../test-api.js';
import { Keystone } from './keystone.js';
import { CLIENT_PASSWORD, transcript } from './transcript.js';

let keystone: Keystone;
let api: TestApi;

beforeAll(async () => {
  keystone = await Keystone.start(inject('databaseUrl'));
  const settings = settingsWith({
    keystone_url: keystone.url,
    keystone_username: 'novanet',
    keystone_password: CLIENT_PASSWORD,
    keystone_project_name: 'service',
    keystone_token_cache_time: '0',
  });
  const authenticator = chooseAuthenticator(settings, new PolicyBook(), log);
  const servers = { databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') };
  api = await TestApi.create(servers, {}, { authenticator });
}, 180_000);
afterAll(async () => {
  await api?.remove();
  await keystone?.stop();
});

const as = (user: string, project: string) => ({ authUrl: keystone.url, user, project });

describe('with the real Keystone', { timeout: 180_000 }, () => {
  it('an operator sets the cloud up as in OpenStack’s own guides', async () => {
    const commands = [
      'project create service',
      `user create --domain default --password ${CLIENT_PASSWORD} novanet`,
      'role add --project service --user novanet admin',
      'service create --name nova compute',
      `endpoint create --region RegionOne compute public ${api.url}/v2.1`,
      'project create demo',
      `user create --domain default --password ${CLIENT_PASSWORD} joe`,
      'role add --project demo --user joe member',
      'network create --subnet 10.0.0.0/24 private',
    ];
    const text = await transcript('openstack', as('admin', 'admin'), commands);
    expect(text.split('\n').filter((line) => line.startsWith('rc='))).toEqual(commands.map(() => 'rc=0'));
  });

  it('a member has the floating IPs and security groups of his project, and makes no pools', async () => {
    const pool = { ip_range: '198.51.100.10', pool: 'nova' };
    const headers = { token: await keystone.tokenOf('admin', 'admin') };
    const made = await api.ask(
      'POST',
      '/v2.1/os-floating-ips-bulk',
      { floating_ips_bulk_create: pool },
      headers,
    );
    expect(made.status).toBe(200);
    const commands = [
      'floating ip create nova',
      'floating ip list -c "Floating IP Address" -c Pool',
      'security group list -c Name',
      'network list -c Name',
    ];
    const text = await transcript('openstack', as('joe', 'demo'), commands);
    await expect(text).toMatchFileSnapshot('golden/keystone-member.txt');
    const token = await keystone.tokenOf('joe', 'demo');
    const refused = await api.ask(
      'POST',
      '/v2.1/os-floating-ips-bulk',
      { floating_ips_bulk_create: pool },
      { token },
    );
    expect(refused.status).toBe(403);
  });

  it('a token that was taken back is good no longer', async () => {
    const token = await keystone.tokenOf('joe', 'demo');
    expect((await api.ask('GET', '/v2.1/os-floating-ips', undefined, { token })).status).toBe(200);
    await keystone.revoke(token);
    const { status, headers } = await api.ask('GET', '/v2.1/os-floating-ips', undefined, { token });
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe(`Keystone uri="${keystone.url}"`);
  });

  it('the command novanet takes a token that the client gave, and says how to get one', async () => {
    const text = await transcript('openstack', as('admin', 'admin'), ['token issue -f value -c id']);
    const [, token = ''] = text.split('\n');
    const list = (NOVANET_TOKEN: string) =>
      new Operator({ NOVANET_API_URL: api.url, NOVANET_TOKEN }).run('network list');
    expect(await list(token)).toMatchObject({ exitCode: 0, out: expect.stringContaining('private') });
    const { complaints } = await list('');
    expect(complaints).toBe(
      'novanet: The request you have made requires authentication; set NOVANET_TOKEN to one that is good (from Keystone: openstack token issue -f value -c id).',
    );
  });

  it('nobody knows a token that Keystone did not give', async () => {
    expect((await api.ask('GET', '/v2.1/os-floating-ips', undefined, { token: 'admin:admin' })).status).toBe(
      401,
    );
  });
});
