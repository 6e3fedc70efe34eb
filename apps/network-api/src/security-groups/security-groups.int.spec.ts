import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { refusal } from '../testing/refusals.js';
import { ADMIN, TestApi, type Json } from '../testing/test-api.js';

const PATH = '/v2.1/os-security-groups';
let api: TestApi;
let project: string;
let alice: { token: string };

beforeAll(async () => {
  const servers = { databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') };
  api = await TestApi.create(servers, { quota_security_groups: '4' });
}, 60_000);
afterAll(() => api?.remove());

/** Each test has a project of its own. */
beforeEach(() => {
  project = `p-${randomUUID()}`;
  alice = { token: `alice:${project}` };
});

const bodyOf = (name: unknown, description: unknown = 'd') => ({ security_group: { name, description } });

async function create(name: string): Promise<Json> {
  const { status, body } = await api.ask('POST', PATH, bodyOf(name), alice);
  expect(status).toBe(200);
  return body.security_group;
}

async function names(query = '', token = alice.token): Promise<string[]> {
  const { status, body } = await api.ask('GET', PATH + query, undefined, { token });
  expect(status).toBe(200);
  return body.security_groups.map((group: Json) => group.name);
}

/** An instance of the project, in the groups that are said. */
async function boot(security_groups: string[] | null = null): Promise<string> {
  const uuid = randomUUID();
  const body = { project_id: project, host: 'h1', security_groups };
  expect((await api.ask('PUT', `/v1/instances/${uuid}`, body)).status).toBe(200);
  return uuid;
}

describe('os-security-groups', () => {
  it('a project has the group "default" from the first look on', async () => {
    expect(await names()).toEqual(['default']);
    const { body } = await api.ask('GET', PATH, undefined, alice);
    expect(body).toEqual({
      security_groups: [
        {
          id: expect.any(Number),
          name: 'default',
          description: 'default',
          tenant_id: project,
          rules: [],
        },
      ],
    });
  });

  it('a group is created, shown, renamed and deleted', async () => {
    const made = await create('web');
    const url = `${PATH}/${made.id}`;
    expect(made).toEqual({
      id: expect.any(Number),
      name: 'web',
      description: 'd',
      tenant_id: project,
      rules: [],
    });
    expect((await api.ask('GET', url, undefined, alice)).body).toEqual({ security_group: made });
    const renamed = { ...made, name: 'www', description: 'servers' };
    const answer = await api.ask('PUT', url, bodyOf('www', 'servers'), alice);
    expect([answer.status, answer.body]).toEqual([200, { security_group: renamed }]);
    expect(await names()).toEqual(['default', 'www']);
    const deleted = await api.ask('DELETE', url, undefined, alice);
    expect([deleted.status, deleted.body]).toEqual([202, undefined]);
    expect(await names()).toEqual(['default']);
  });

  it('groups come by name, a page at a time', async () => {
    for (const name of ['web', 'app', 'db']) await create(name);
    expect(await names()).toEqual(['app', 'db', 'default', 'web']);
    expect(await names('?limit=2')).toEqual(['app', 'db']);
    expect(await names('?limit=2&offset=3')).toEqual(['web']);
    expect(await names('?limit=0&offset=2')).toEqual(['default', 'web']);
    expect(await names('?limit=1&limit=3')).toEqual(['app', 'db', 'default']);
  });

  it.each([
    ['?limit=x', 'limit must be an integer'],
    ['?limit=-1', 'limit must be >= 0'],
    ['?offset=1.5', 'offset must be an integer'],
    ['?offset=-2', 'offset must be >= 0'],
  ])('%s makes no sense', async (query, reason) => {
    const answer = await api.ask('GET', PATH + query, undefined, alice);
    expect(answer).toMatchObject(refusal(400, `Invalid input received: ${reason}`));
  });

  it.each([
    ['?all_tenants=1', true],
    ['?all_tenants=True', true],
    ['?all_tenants=', true],
    ['?all_tenants=0', false],
    ['?all_tenants=False', false],
    ['', false],
  ])('an administrator who asks for "%s" sees all projects: %s', async (query, seesAll) => {
    const { name } = await create(`web-${randomUUID()}`);
    expect((await names(query, ADMIN)).includes(name)).toBe(seesAll);
    expect(await names(query, 'bob:another')).not.toContain(name);
  });

  it.each<[string, unknown, string]>([
    ['no body', undefined, "The request body can't be empty"],
    ['an empty body', {}, "The request body can't be empty"],
    ['another key', { group: {} }, 'Missing parameter security_group'],
    ['null', { security_group: null }, 'Missing parameter security_group'],
    ['a number as name', bodyOf(7), 'Security group name is not a string or unicode'],
    ['no name', { security_group: { description: 'd' } }, 'Security group name is not a string or unicode'],
    ['null as description', bodyOf('x', null), 'Security group description is not a string or unicode'],
    ['an empty name', bodyOf(' '), 'Invalid input received: Security group name cannot be empty'],
    [
      'a long name',
      bodyOf('x'.repeat(256)),
      'Invalid input received: Security group name should not be greater than 255 characters.',
    ],
    [
      'an unknown property',
      { security_group: { name: 'x', description: 'd', project_id: 'q' } },
      expect.stringContaining("'project_id' was unexpected"),
    ],
  ])('%s is refused, when it is created and when it is renamed', async (_name, body, message) => {
    const { id } = await create('web');
    expect(await api.ask('POST', PATH, body, alice)).toMatchObject(refusal(400, message));
    expect(await api.ask('PUT', `${PATH}/${id}`, body, alice)).toMatchObject(refusal(400, message));
  });

  it('what is unknown in a body is passed over in /v2', async () => {
    const body = { security_group: { name: 'x', description: 'd', colour: 'red' }, more: 1 };
    expect((await api.ask('POST', '/v2/os-security-groups', body, alice)).status).toBe(200);
  });

  it('a name belongs to one group of the project', async () => {
    const { id } = await create('web');
    await create('db');
    const exists = (name: string) => `Security group ${name} already exists`;
    expect(await api.ask('POST', PATH, bodyOf('web'), alice)).toMatchObject(refusal(400, exists('web')));
    expect(await api.ask('POST', PATH, bodyOf('default'), alice)).toMatchObject(
      refusal(400, exists('default')),
    );
    expect(await api.ask('PUT', `${PATH}/${id}`, bodyOf('db'), alice)).toMatchObject(
      refusal(400, exists('db')),
    );
    expect((await api.ask('POST', PATH, bodyOf('web'), { token: `bob:p-${randomUUID()}` })).status).toBe(200);
  });

  it('of two who create one name at once, one gets it', async () => {
    const answers = await Promise.all([1, 2].map(() => api.ask('POST', PATH, bodyOf('web'), alice)));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 400]);
  });

  it('a project has as many as its quota, "default" among them', async () => {
    for (const name of ['a', 'b', 'c']) await create(name);
    const answer = await api.ask('POST', PATH, bodyOf('d'), alice);
    expect(answer).toMatchObject(refusal(403, 'Quota exceeded, too many security groups.'));
  });

  it('"default" stays what it is', async () => {
    await names();
    const { body } = await api.ask('GET', PATH, undefined, alice);
    const url = `${PATH}/${body.security_groups[0].id}`;
    const words = (operation: string) => `Unable to ${operation} system group 'default'`;
    expect(await api.ask('PUT', url, bodyOf('x'), alice)).toMatchObject(refusal(400, words('update')));
    expect(await api.ask('DELETE', url, undefined, alice)).toMatchObject(refusal(400, words('delete')));
  });

  it('a group that an instance is in stays', async () => {
    const { id } = await create('web');
    await boot(['web']);
    const answer = await api.ask('DELETE', `${PATH}/${id}`, undefined, alice);
    expect(answer).toMatchObject(refusal(400, 'Security group is still in use'));
  });

  it.each(['web', '1.5', '1e3', '0x1', '%20'])('"%s" is no id', async (id) => {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const body = method === 'PUT' ? bodyOf('x') : undefined;
      const answer = await api.ask(method, `${PATH}/${id}`, body, alice);
      expect(answer).toMatchObject(refusal(400, 'Security group id should be integer'));
    }
  });

  it.each([
    ['-1', '-1'],
    ['999999', '999999'],
    ['9'.repeat(30), '1e+30'],
  ])('%s is nobody', async (id, shown) => {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const body = method === 'PUT' ? bodyOf('x') : undefined;
      const answer = await api.ask(method, `${PATH}/${id}`, body, alice);
      expect(answer).toMatchObject(refusal(404, `Security group ${shown} not found.`));
    }
  });
});

describe('the security groups of an instance', () => {
  const groupsOf = (uuid: string, token = alice.token) =>
    api.ask('GET', `/v2.1/servers/${uuid}/os-security-groups`, undefined, { token });

  it('are those that were said', async () => {
    const web = await create('web');
    const { status, body } = await groupsOf(await boot(['web']));
    expect([status, body]).toEqual([200, { security_groups: [web] }]);
  });

  it('are "default" where nothing was said, also when nobody has made it yet', async () => {
    const { body } = await groupsOf((await boot()).toUpperCase());
    expect(body.security_groups).toMatchObject([{ name: 'default', tenant_id: project }]);
  });

  it.each([randomUUID(), 'vm1'])('%s is no instance', async (uuid) => {
    expect(await groupsOf(uuid)).toMatchObject(refusal(404, `Instance ${uuid} could not be found.`));
  });

  it('are for the project and for administrators', async () => {
    const uuid = await boot();
    expect(await groupsOf(uuid, 'bob:another')).toMatchObject(
      refusal(404, `Instance ${uuid} could not be found.`),
    );
    expect((await groupsOf(uuid, ADMIN)).status).toBe(200);
  });
});

describe('a group of another project', () => {
  it.each<[string, unknown]>([
    ['GET', undefined],
    ['PUT', bodyOf('web')],
    ['DELETE', undefined],
  ])('%s is as if there were none', async (method, body) => {
    const { id } = await create('web');
    const answer = await api.ask(method, `${PATH}/${id}`, body, { token: 'bob:another' });
    expect(answer).toMatchObject(refusal(404, `Security group ${id} not found.`));
    expect(await names()).toEqual(['default', 'web']);
    const own = await api.ask(method, `${PATH}/${id}`, body);
    expect(own.status).toBe(method === 'DELETE' ? 202 : 200);
  });
});
