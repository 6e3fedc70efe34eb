import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { refusal } from '../testing/refusals.js';
import { TestApi, type Json } from '../testing/test-api.js';

const GROUPS = '/v2.1/os-security-groups';
const RULES = '/v2.1/os-security-group-rules';
const DEFAULTS = '/v2.1/os-security-group-default-rules';
const tcp = (from: unknown, to: unknown = from) => ({ ip_protocol: 'tcp', from_port: from, to_port: to });
const everywhere = { ip_range: { cidr: '0.0.0.0/0' }, group: {} };
const noPorts = { ip_protocol: null, from_port: null, to_port: null };
const NO_ID = 'Security group id should be integer';
const INCOMPLETE = 'Not enough parameters to build a valid rule.';
const NO_PORTS = 'Invalid input received: To and From ports must be integers';

let api: TestApi;
let project: string;
let alice: { token: string };
let web: number;

beforeAll(async () => {
  const servers = { databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') };
  api = await TestApi.create(servers, { quota_security_group_rules: '3' });
}, 60_000);
afterAll(() => api?.remove());

/** Each test has a project with a group "web". */
beforeEach(async () => {
  project = `p-${randomUUID()}`;
  alice = { token: `alice:${project}` };
  web = await createGroup(alice.token);
});

async function createGroup(token: string): Promise<number> {
  const body = { security_group: { name: 'web', description: 'd' } };
  return (await api.ask('POST', GROUPS, body, { token })).body.security_group.id;
}

const add = (rule: object, who = alice) =>
  api.ask('POST', RULES, { security_group_rule: { parent_group_id: web, ...rule } }, who);

async function rulesOf(groupId: number): Promise<Json[]> {
  return (await api.ask('GET', `${GROUPS}/${groupId}`, undefined, alice)).body.security_group.rules;
}

describe('os-security-group-rules', () => {
  it.each<[string, object, object]>([
    [
      'from a block, as OpenStackClient sends it',
      { ...tcp(80), cidr: '10.0.0.0/8', group_id: null },
      { ...tcp(80), ip_range: { cidr: '10.0.0.0/8' }, group: {} },
    ],
    ['from everywhere unless told', tcp(22), { ...tcp(22), ...everywhere }],
    ['from everywhere, with an empty block', { ...tcp(22), cidr: '' }, { ...tcp(22), ...everywhere }],
    [
      'from a block that is quoted as in a URL',
      { ...tcp(22), cidr: '10.0.0.0%2F8' },
      { ...tcp(22), ip_range: { cidr: '10.0.0.0/8' }, group: {} },
    ],
    [
      'from an IPv6 block',
      { ip_protocol: 'udp', from_port: '53', to_port: '54', cidr: 'fd00::/8' },
      { ip_protocol: 'udp', from_port: 53, to_port: 54, ip_range: { cidr: 'fd00::/8' }, group: {} },
    ],
    [
      'of ICMP',
      { ip_protocol: 'icmp', from_port: -1, to_port: -1, cidr: '0.0.0.0/0' },
      { ip_protocol: 'icmp', from_port: -1, to_port: -1, ...everywhere },
    ],
    ['in capitals', { ...tcp(22), ip_protocol: 'TCP' }, { ...tcp(22), ...everywhere }],
    [
      'of every kind, which nova has not',
      { ip_protocol: '-1', from_port: -1, to_port: -1 },
      { ...noPorts, ...everywhere },
    ],
    ['of every kind, the number as number', { ip_protocol: -1 }, { ...noPorts, ...everywhere }],
    ['of every kind, by its name', { ip_protocol: 'any' }, { ...noPorts, ...everywhere }],
  ])('lets in traffic %s', async (_name, wish, expected) => {
    const { status, body } = await add(wish);
    const rule = { id: expect.any(Number), parent_group_id: web, ...expected };
    expect([status, body]).toEqual([200, { security_group_rule: rule }]);
    expect(await rulesOf(web)).toEqual([rule]);
  });

  it.each<[string, object, object]>([
    ['of every kind', {}, noPorts],
    ['to every port', { ip_protocol: 'TCP' }, tcp(1, 65_535)],
    [
      'of every type of ICMP',
      { ip_protocol: 'icmp', from_port: null, to_port: null },
      { ip_protocol: 'icmp', from_port: -1, to_port: -1 },
    ],
    ['to one port, whatever the block says', { ...tcp(80), cidr: 'nonsense' }, tcp(80)],
  ])('lets in traffic from a group: %s', async (_name, wish, expected) => {
    const { status, body } = await add({ ...wish, group_id: String(web) });
    const source = { ip_range: {}, group: { name: 'web', tenant_id: project } };
    const rule = { id: expect.any(Number), parent_group_id: web, ...expected, ...source };
    expect([status, body]).toEqual([200, { security_group_rule: rule }]);
  });

  it.each<[string, object, number, string]>([
    ['no parent', { ...tcp('x'), parent_group_id: undefined }, 400, NO_ID],
    ['a parent by name', { ...tcp('x'), parent_group_id: 'web' }, 400, NO_ID],
    [
      'an unknown parent',
      { ...tcp('x'), parent_group_id: 0, group_id: 'web' },
      404,
      'Security group 0 not found.',
    ],
    ['a source by name', { ...tcp('x'), group_id: 'web' }, 400, NO_ID],
    ['an unknown source', { ...tcp('x'), group_id: 0 }, 404, 'Security group 0 not found.'],
    ['no block', { ...tcp('x'), cidr: '10.0.0.0' }, 400, '10.0.0.0 is not a valid IP network.'],
    ['a number as block', { ...tcp(22), cidr: 7 }, 400, '7 is not a valid IP network.'],
    ['broken quotes', { ...tcp(22), cidr: '%ff/8' }, 400, '%ff/8 is not a valid IP network.'],
    ['a prefix of 0', { ...tcp(22), cidr: '10.0.0.0/0' }, 400, 'Bad prefix for network in cidr 10.0.0.0/0'],
    ['nothing', {}, 400, INCOMPLETE],
    ['no protocol', { from_port: 1, to_port: 2 }, 400, INCOMPLETE],
    ['an empty protocol', { ...tcp(1), ip_protocol: '' }, 400, INCOMPLETE],
    ['half a range', { ip_protocol: 'tcp', from_port: 1 }, 400, INCOMPLETE],
    ['ports of every kind of traffic', { ...tcp(1), ip_protocol: 'any' }, 400, INCOMPLETE],
    ['another protocol', { ...tcp(1), ip_protocol: 'sctp' }, 400, 'Invalid IP protocol sctp.'],
    ['a number as protocol', { ...tcp(1), ip_protocol: 6 }, 400, 'Invalid IP protocol 6.'],
    ['names of ports', tcp('ssh'), 400, NO_PORTS],
    ['an empty port', tcp(''), 400, NO_PORTS],
    ['a port that is true', tcp(true), 400, NO_PORTS],
    ['a list of ports', tcp([22]), 400, NO_PORTS],
    [
      'a type that is a text',
      { ...tcp('echo'), ip_protocol: 'icmp' },
      400,
      'Invalid input received: Type and Code must be integers for ICMP protocol type',
    ],
    [
      'a range backwards',
      tcp(2, 1),
      400,
      'Invalid port range 2:1. Former value cannot be greater than the later',
    ],
    // OpenStackClient's way to say nothing
    ['port 0', tcp(0), 400, 'Invalid port range 0:0. Valid TCP ports should be between 1-65535'],
    [
      'a type of 256',
      { ...tcp(256), ip_protocol: 'icmp' },
      400,
      'Invalid port range 256:256. For ICMP, the type:code must be valid',
    ],
    [
      'a property of another API',
      { ...tcp(22), remote_group_id: 7 },
      400,
      expect.stringContaining("'remote_group_id' was unexpected"),
    ],
  ])('%s is refused', async (_name, wish, status, message) => {
    expect(await add(wish)).toMatchObject(refusal(status, message));
    expect(await rulesOf(web)).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['no body', undefined, "The request body can't be empty"],
    ['another key', { rule: {} }, 'Missing parameter security_group_rule'],
  ])('%s is refused', async (_name, body, message) => {
    expect(await api.ask('POST', RULES, body, alice)).toMatchObject(refusal(400, message));
  });

  it('a rule is there once, whatever its letters, also when it is added twice at once', async () => {
    const answers = await Promise.all([add(tcp(22)), add({ ...tcp('22'), ip_protocol: 'TCP' })]);
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 400]);
    expect(await add(tcp(22))).toMatchObject(refusal(400, `This rule already exists in group ${web}`));
    expect(await rulesOf(web)).toHaveLength(1);
  });

  it('a group has as many as the quota', async () => {
    for (const port of [1, 2, 3]) expect((await add(tcp(port))).status).toBe(200);
    expect(await add(tcp(4))).toMatchObject(refusal(403, 'Quota exceeded, too many security group rules.'));
  });

  it('a rule is taken away, once', async () => {
    const { id } = (await add(tcp(22))).body.security_group_rule;
    const { status, body } = await api.ask('DELETE', `${RULES}/${id}`, undefined, alice);
    expect([status, body]).toEqual([202, undefined]);
    expect(await rulesOf(web)).toEqual([]);
    const again = await api.ask('DELETE', `${RULES}/${id}`, undefined, alice);
    expect(again).toMatchObject(refusal(404, `Rule (${id}) not found`));
    expect(await api.ask('DELETE', `${RULES}/first`, undefined, alice)).toMatchObject(refusal(400, NO_ID));
  });

  it('another project can neither add nor take away rules, nor let in the group', async () => {
    const { id } = (await add(tcp(22))).body.security_group_rule;
    const bob = { token: `bob:p-${randomUUID()}` };
    expect(await add(tcp(23), bob)).toMatchObject(refusal(404, `Security group ${web} not found.`));
    const own = { ...tcp(23), parent_group_id: await createGroup(bob.token), group_id: web };
    expect(await add(own, bob)).toMatchObject(refusal(404, `Security group ${web} not found.`));
    const answer = await api.ask('DELETE', `${RULES}/${id}`, undefined, bob);
    expect(answer).toMatchObject(refusal(404, `Rule (${id}) not found`));
    expect(await rulesOf(web)).toMatchObject([{ id }]);
    expect((await api.ask('DELETE', `${RULES}/${id}`)).status).toBe(202);
  });
});

describe('os-security-group-default-rules', () => {
  const KEY = 'security_group_default_rule';
  const addDefault = (rule: object) => api.ask('POST', DEFAULTS, { [KEY]: rule });
  const listed = async () => (await api.ask('GET', DEFAULTS)).body.security_group_default_rules;

  it('groups "default" of later begin with them', async () => {
    const old = await api.ask('GET', GROUPS, undefined, alice);
    const wish = { ip_protocol: 'TCP', from_port: '80', to_port: 80, cidr: '10.10.10.0/24' };
    const { status, body } = await addDefault(wish);
    const rule = { id: expect.any(Number), ...tcp(80), ip_range: { cidr: '10.10.10.0/24' } };
    expect([status, body]).toEqual([200, { [KEY]: rule }]);
    const { id } = body[KEY];
    const shown = await api.ask('GET', `${DEFAULTS}/${id}`);
    expect([shown.status, shown.body]).toEqual([200, { [KEY]: rule }]);
    expect(await listed()).toEqual([rule]);
    expect(await addDefault(wish)).toMatchObject(refusal(409, 'This default rule already exists.'));
    const later = await api.ask('GET', GROUPS, undefined, { token: `bob:p-${randomUUID()}` });
    const copied = { ...rule, parent_group_id: later.body.security_groups[0].id, group: {} };
    expect(later.body.security_groups).toMatchObject([{ name: 'default', rules: [copied] }]);
    expect((await api.ask('GET', GROUPS, undefined, alice)).body).toEqual(old.body);
    const deleted = await api.ask('DELETE', `${DEFAULTS}/${id}`);
    expect([deleted.status, deleted.body]).toEqual([204, undefined]);
    expect(await listed()).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['nothing', { [KEY]: {} }, INCOMPLETE],
    ['no block', { [KEY]: { ...tcp(22), cidr: 'x' } }, 'x is not a valid IP network.'],
    ['no body', {}, "The request body can't be empty"],
    ['another key', { rule: {} }, `Missing parameter ${KEY}`],
    ['a group', { [KEY]: { ...tcp(22), group_id: 1 } }, expect.stringContaining("'group_id' was unexpected")],
  ])('%s is refused', async (_name, body, message) => {
    expect(await api.ask('POST', DEFAULTS, body)).toMatchObject(refusal(400, message));
  });

  it.each(['GET', 'DELETE'])('%s of one that there is not', async (method) => {
    const answer = await api.ask(method, `${DEFAULTS}/4711`);
    expect(answer).toMatchObject(refusal(404, 'Security group default rule (4711) not found.'));
    expect(await api.ask(method, `${DEFAULTS}/x`)).toMatchObject(refusal(400, NO_ID));
  });

  it.each([
    ['GET', ''],
    ['GET', '/1'],
    ['POST', ''],
    ['DELETE', '/1'],
  ])('%s %s is for administrators', async (method, rest) => {
    const body = method === 'POST' ? { [KEY]: tcp(22) } : undefined;
    const rule = 'os_compute_api:os-security-group-default-rules';
    const answer = await api.ask(method, DEFAULTS + rest, body, alice);
    expect(answer).toMatchObject(refusal(403, `Policy doesn't allow ${rule} to be performed.`));
  });
});
