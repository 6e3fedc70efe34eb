import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StandInApi } from '../testing/stand-in-api.js';

const network = (id: string, project: string | null) => ({ id, label: id, host: 'h1', project_id: project });
const group = (id: number, name: string, tenant_id: string) => ({ id, name, tenant_id, rules: [] });
const GROUPS = '/v2.1/os-security-groups';

let api: StandInApi;
beforeEach(async () => {
  api = await StandInApi.start();
});
afterEach(() => api.stop());

describe('novanet project scrub', () => {
  beforeEach(() => {
    api.answer('GET /v2.1/os-networks', 200, {
      networks: [network('free', null), network('own', 'p1'), network('others', 'p2')],
    });
    api.answer('POST /v2.1/os-networks/own/action', 202);
    const security_groups = [
      group(1, 'default', 'p1'),
      group(2, 'web', 'p1'),
      group(3, 'used', 'p1'),
      group(4, 'web', 'p2'),
    ];
    api.answer(`GET ${GROUPS}?all_tenants=1`, 200, { security_groups });
    api.answer(`DELETE ${GROUPS}/2`, 202);
    api.answer(`DELETE ${GROUPS}/3`, 400, {
      badRequest: { code: 400, message: 'Security group is still in use' },
    });
  });

  it.each([
    'project scrub p1 --yes',
    '--yes project scrub --project p1',
    'proj scrub --project=p1 -y',
    'account scrub p1 --yes',
  ])('takes from the project what it has, and no more: %s', async (line) => {
    expect(await api.type(line)).toEqual({
      exitCode: 0,
      complaints: '',
      out: [
        "Network own is nobody's any more.",
        'Security group web deleted.',
        'Security group default kept: every project has it',
        'Security group used kept: Security group is still in use',
      ].join('\n'),
    });
    expect(api.changes).toEqual([
      { line: 'POST /v2.1/os-networks/own/action', body: { disassociate_project: null } },
      { line: `DELETE ${GROUPS}/2`, body: undefined },
      { line: `DELETE ${GROUPS}/3`, body: undefined },
    ]);
  });

  it('touches nothing of a project without anything', async () => {
    expect((await api.type('project scrub p9 --yes')).out).toBe('Project p9 had nothing to take away.');
    expect(api.changes).toEqual([]);
  });

  it('asks first', async () => {
    expect((await api.type('project scrub p1')).exitCode).toBe(2);
    expect((await api.type('project scrub')).exitCode).toBe(2);
    expect(api.changes).toEqual([]);
  });
});

describe.each(['project quota', 'quota'])('novanet %s', (path) => {
  const detail = (limit: number, used: number) => ({ limit, in_use: used, reserved: 0 });
  const QUOTA = '/v2.1/os-quota-sets/p1';
  beforeEach(() => {
    const quota_set = {
      id: 'p1',
      instances: detail(10, 0),
      floating_ips: detail(10, 3),
      fixed_ips: detail(-1, 5),
      security_groups: detail(10, 1),
      security_group_rules: detail(20, 2),
    };
    api.answer(`GET ${QUOTA}/detail`, 200, { quota_set });
    api.answer(`PUT ${QUOTA}`, 200, { quota_set: {} });
  });
  const table = [
    'Quota                 Limit      In Use  Reserved',
    'floating_ips          10         3       0',
    'fixed_ips             unlimited  5       0',
    'security_groups       10         1       0',
    'security_group_rules  20         2       0',
  ].join('\n');

  it.each(['p1', '--project p1'])('shows limits: %s', async (words) => {
    expect(await api.type(`${path} ${words}`)).toEqual({ exitCode: 0, out: table, complaints: '' });
    expect(api.changes).toEqual([]);
  });

  it.each([
    { words: '--project p1 --key floating_ips --value 50', body: { floating_ips: 50 } },
    { words: '--project=p1 --key=fixed-ips --value=-1', body: { fixed_ips: -1 } },
    { words: 'p1 fixed_ips unlimited', body: { fixed_ips: -1 } },
    { words: 'p1 --key security_groups --value -1', body: { security_groups: -1 } },
  ])('changes a limit: $words', async ({ words, body }) => {
    expect(await api.type(`${path} ${words}`)).toEqual({ exitCode: 0, out: table, complaints: '' });
    expect(api.changes).toEqual([{ line: `PUT ${QUOTA}`, body: { quota_set: body } }]);
  });

  it.each([
    { words: '', said: 'Which project? --project names it.' },
    { words: 'p1 fixed_ips -2', said: 'Quota limit must be -1 or greater.' },
    { words: 'p1 fixed_ips 3000000000', said: 'Quota limit must be less than 2147483648.' },
    { words: 'p1 fixed_ips', said: 'How much? --value says it; unlimited: any number.' },
    {
      words: 'p1 cores 5',
      said: 'cores is not a valid quota key. Valid options are: floating_ips, fixed_ips, security_groups, security_group_rules.',
    },
    { words: 'p1 --user u1', said: 'Limits are of projects, not of users: leave out --user.' },
  ])('refuses "$words"', async ({ words, said }) => {
    expect(await api.type(`${path} ${words}`)).toEqual({
      exitCode: 2,
      out: '',
      complaints: `novanet: ${said}`,
    });
    expect(api.changes).toEqual([]);
  });
});
