import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { ADMIN, TestApi } from './testing/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await TestApi.create({ databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') });
}, 60_000);
afterAll(() => api?.remove());

const JOE = 'joe:p1';
const HUGE = '9'.repeat(400);
const rule = { ip_protocol: 'tcp', from_port: 1, to_port: 2, cidr: '10.0.0.0/8' };
const network = { label: 'n', cidr: '10.0.0.0/24', bridge: 'br100' };
const noBoolean = { toString: 1 };

it.each([
  { what: 'a group whose number no database can hold', asks: `GET /os-security-groups/${HUGE}`, status: 404 },
  { what: 'a rule of such a number', asks: `DELETE /os-security-group-rules/${HUGE}`, status: 404 },
  {
    what: 'a rule for such a group',
    asks: 'POST /os-security-group-rules',
    body: { security_group_rule: { ...rule, parent_group_id: HUGE } },
    status: 404,
  },
  {
    what: 'a body of brackets',
    asks: 'POST /os-floating-ips',
    body: `{"pool":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
  },
  {
    what: 'a boolean that is an object',
    asks: 'PUT /os-floating-ips-bulk/delete',
    body: { ip_range: '192.0.2.1', force: noBoolean },
    token: ADMIN,
  },
  {
    what: 'a boolean that is a list',
    asks: 'PUT /os-floating-ips-bulk/delete',
    body: { ip_range: '192.0.2.1', force: [true] },
    token: ADMIN,
  },
  {
    what: 'a hundred million networks',
    asks: 'POST /os-networks',
    body: { network: { label: 'n', cidr_v6: 'fd00::/8', bridge: 'br100', num_networks: 100_000_000 } },
    token: ADMIN,
  },
  {
    what: 'a priority that no column holds',
    asks: 'POST /os-networks',
    body: { network: { ...network, priority: 2 ** 31 } },
    token: ADMIN,
  },
])('$what is refused', async ({ asks, body, token = JOE, status = 400 }) => {
  const [method = '', path = ''] = asks.split(' ');
  const answer = await api.ask(method, `/v2.1${path}`, body, { token });
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status });
});

it.each(['compute_id', 'launch_index'])('an instance’s %s that no column holds is refused', async (name) => {
  const path = '/v1/instances/aaaaaaaa-0000-4000-8000-000000000001';
  expect((await api.ask('PUT', path, { [name]: 1e300 })).status).toBe(400);
});
