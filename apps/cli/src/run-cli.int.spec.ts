import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StandInApi } from './testing/stand-in-api.js';

const network = { id: '8b0a2e5c-5d0f-4a38-9c7a-0f2a6d1f3c11', label: 'private', cidr: '10.0.0.0/24' };

let api: StandInApi;
beforeEach(async () => {
  api = await StandInApi.start();
});
afterEach(() => api.stop());

describe('novanet, when something is wrong', () => {
  it.each([
    { line: 'network list', exitCode: 3 },
    { line: 'network frob', exitCode: 2 },
    { line: 'network show', exitCode: 2 },
    { line: 'network list --frob', exitCode: 2 },
    { line: 'network list extra', exitCode: 2 },
    { line: 'network list --api-url controller:8774', exitCode: 2 },
    { line: 'network list --api-url=', exitCode: 2 },
    { line: 'network list --api-url http://127.0.0.1:1 --config-file /x', exitCode: 2 },
    { line: 'network', exitCode: 2 },
    { line: '', exitCode: 2 },
    { line: '--help', exitCode: 0 },
    { line: 'network create --help', exitCode: 0 },
    { line: 'network help create', exitCode: 0 },
    { line: '--version', exitCode: 0 },
  ])('ends with $exitCode after: $line', async ({ line, exitCode }) => {
    expect((await api.type(line)).exitCode).toBe(exitCode);
  });

  it('speaks of wrong usage as of everything else', async () => {
    expect((await api.type('network show')).complaints).toMatch(/^novanet: missing required argument/);
  });

  it('says how to reach an API that does not answer', async () => {
    await api.stop();
    expect(await api.type('network list')).toEqual({
      exitCode: 3,
      out: '',
      complaints:
        `novanet: The network API at ${api.url} does not answer (connection refused): ` +
        'start it, or name another with --api-url or NOVANET_API_URL.',
    });
    api = await StandInApi.start();
  });

  it.each([
    { name: 'an answer that is no JSON', status: 200, body: '<html>', said: 'HTTP 200, no JSON' },
    {
      name: 'JSON of another kind',
      status: 200,
      body: '{"versions":[]}',
      said: 'HTTP 200, no networks in it',
    },
    { name: 'an error page', status: 502, body: 'Bad gateway', said: 'HTTP 502, no error message in it' },
  ])('doubts the address on $name', async ({ status, body, said }) => {
    api.answer('GET /v2.1/os-networks', status, body);
    expect(await api.type('network list')).toEqual({
      exitCode: 3,
      out: '',
      complaints:
        `novanet: ${api.url}/v2.1/os-networks answered, but not as the network API does (${said}): ` +
        'check --api-url or NOVANET_API_URL.',
    });
  });

  it('tells who is not known of NOVANET_TOKEN', async () => {
    api.answer('GET /v2.1/os-networks', 401, { unauthorized: { code: 401, message: 'Who are you?' } });
    expect(await api.type('network list')).toEqual({
      exitCode: 1,
      out: '',
      complaints:
        'novanet: Who are you?; set NOVANET_TOKEN to one that is good (from Keystone: openstack token issue -f value -c id).',
    });
  });
});

it.each(['version', 'version list', '--version'])('tells its version: %s', async (line) => {
  expect((await api.type(line)).out).toMatch(/^\d+\.\d+\.\d+$/);
});

it.each([
  { line: 'bash-completion', names: ['network', 'fixed', 'floating', 'project'] },
  { line: 'bash-completion network', names: ['create', 'list', 'modify', 'delete'] },
])('lists names as nova-manage did: $line', async ({ line, names }) => {
  expect((await api.type(line)).out.split(' ')).toEqual(expect.arrayContaining(names));
});

it('shows the token of NOVANET_TOKEN', async () => {
  api.answer('GET /v2.1/os-networks', 200, { networks: [] });
  await api.type('network list');
  await api.run(['network', 'list'], { env: { NOVANET_API_URL: api.url, NOVANET_TOKEN: 'secret' } });
  expect(api.requests.map(({ token }) => token)).toEqual(['admin:admin', 'secret']);
});

it('says nothing of what was done when it is to be quiet, but answers what is asked', async () => {
  api.answer('GET /v2.1/os-networks', 200, { networks: [network] });
  api.answer(`DELETE /v2.1/os-networks/${network.id}`, 202);
  api.answer('POST /v2.1/os-networks', 200, { network });
  expect(await api.type('network delete private --yes --quiet')).toMatchObject({ out: '', complaints: '' });
  expect(await api.type('network create x 10.0.0.0/16 --quiet')).toMatchObject({ out: '', complaints: '' });
  expect((await api.type('network show private --quiet')).out).toContain('private');
  expect(JSON.parse((await api.type('--json --quiet network delete private --yes')).out)).toEqual(network);
});

it('says on a terminal that a worker is waited for, and clears it', async () => {
  const shown: string[] = [];
  const { promise: isWaiting, resolve } = Promise.withResolvers<void>();
  const status = {
    show(text: string) {
      shown.push(text);
      resolve();
    },
  };
  api.hold('GET /v2.1/os-networks', isWaiting);
  api.answer('GET /v2.1/os-networks', 200, { networks: [] });
  await api.run(['network', 'list'], { status });
  expect([shown[0], shown.at(-1)]).toEqual(['waiting for the worker … (1s)', '']);
});
