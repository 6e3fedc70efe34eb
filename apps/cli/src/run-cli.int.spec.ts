import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.js';

/** What the stand-in for the API was asked, and what it answers next. */
let requests: { line: string; body: string }[];
let answers: Map<string, { status: number; body: string }>;
let server: Server;
let url: string;

beforeEach(async () => {
  requests = [];
  answers = new Map();
  server = createServer((request, response) => {
    const line = `${request.method} ${request.url}`;
    const { status, body } = answers.get(line) ?? { status: 404, body: '<html>Not found</html>' };
    const record = async () => {
      requests.push({ line, body: await text(request) });
      response.writeHead(status).end(body);
    };
    void record();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
});

const network = {
  id: '8b0a2e5c-5d0f-4a38-9c7a-0f2a6d1f3c11',
  label: 'private',
  cidr: '10.0.0.0/24',
  vlan: null,
};

function answer(line: string, status: number, body: unknown): void {
  answers.set(line, { status, body: body === undefined ? '' : JSON.stringify(body) });
}

async function novanet(...args: string[]) {
  const out: string[] = [];
  const complaints: string[] = [];
  const exitCode = await runCli(args, {
    env: { NOVANET_API_URL: url },
    print: (line) => out.push(line),
    complain: (line) => complaints.push(line),
  });
  return { exitCode, out: out.join('\n'), complaints: complaints.join('\n') };
}

describe('novanet network create', () => {
  it('sends what was given under the names of nova, and prints the network', async () => {
    answer('POST /v2.1/os-networks', 200, { network: { ...network, vlan: 100 } });
    const outcome = await novanet(
      ...'network create private --cidr 10.0.0.0/24 --cidr-v6 fd00::/64 --bridge br100'.split(' '),
      ...'--bridge-interface eth1 --gateway 10.0.0.1 --gateway-v6 fd00::1 --dns1 8.8.4.4 --dns2 8.8.8.8'.split(
        ' ',
      ),
      ...'--multi-host --vlan 100 --project p1 --fixed-cidr 10.0.0.128/25 --allowed-start 10.0.0.10'.split(
        ' ',
      ),
      ...'--allowed-end 10.0.0.20 --mtu 1450 --dhcp-server 10.0.0.2'.split(' '),
    );
    expect(outcome).toEqual({
      exitCode: 0,
      complaints: '',
      out: [
        'id     8b0a2e5c-5d0f-4a38-9c7a-0f2a6d1f3c11',
        'label  private',
        'cidr   10.0.0.0/24',
        'vlan   100',
      ].join('\n'),
    });
    expect(requests.map(({ body }) => JSON.parse(body))).toEqual([
      {
        network: {
          label: 'private',
          cidr: '10.0.0.0/24',
          cidr_v6: 'fd00::/64',
          bridge: 'br100',
          bridge_interface: 'eth1',
          gateway: '10.0.0.1',
          gateway_v6: 'fd00::1',
          dns1: '8.8.4.4',
          dns2: '8.8.8.8',
          multi_host: true,
          vlan: 100,
          project_id: 'p1',
          fixed_cidr: '10.0.0.128/25',
          allowed_start: '10.0.0.10',
          allowed_end: '10.0.0.20',
          mtu: 1450,
          dhcp_server: '10.0.0.2',
        },
      },
    ]);
  });

  it.each([
    { args: [], multiHost: undefined },
    { args: ['--multi-host'], multiHost: true },
    { args: ['--no-multi-host'], multiHost: false },
  ])('leaves what is not given to the configuration: $args', async ({ args, multiHost }) => {
    answer('POST /v2.1/os-networks', 200, { network });
    await novanet('network', 'create', 'private', '--cidr', '10.0.0.0/24', ...args);
    expect(requests.map(({ body }) => JSON.parse(body).network.multi_host)).toEqual([multiHost]);
  });

  it('warns when the network is not on the VLAN that was asked for', async () => {
    answer('POST /v2.1/os-networks', 200, { network });
    const outcome = await novanet('network', 'create', 'private', '--cidr', '10.0.0.0/24', '--vlan', '100');
    expect(outcome.exitCode).toBe(0);
    expect(outcome.complaints).toBe(
      "novanet: warning: the network is not on VLAN 100; the workers' network manager decides that.",
    );
  });

  it('repeats the refusal of the API and says what to do', async () => {
    answer('POST /v2.1/os-networks', 409, {
      conflictingRequest: {
        code: 409,
        message: 'Requested cidr (10.0.0.0/24) conflicts with existing cidr (10.0.0.0/8)',
      },
    });
    expect(await novanet('network', 'create', 'private', '--cidr', '10.0.0.0/24')).toEqual({
      exitCode: 1,
      out: '',
      complaints:
        'novanet: Requested cidr (10.0.0.0/24) conflicts with existing cidr (10.0.0.0/8); ' +
        'novanet network list shows what exists.',
    });
  });
});

describe('novanet network list, show and delete', () => {
  it('lists networks as a table', async () => {
    answer('GET /v2.1/os-networks', 200, { networks: [network] });
    expect((await novanet('network', 'list')).out).toBe(
      [
        'ID                                    LABEL    CIDR         CIDR_V6  VLAN  BRIDGE  MULTI_HOST  HOST  PROJECT_ID',
        '8b0a2e5c-5d0f-4a38-9c7a-0f2a6d1f3c11  private  10.0.0.0/24  -        -     -       -           -     -',
      ].join('\n'),
    );
  });

  it('says how to make one when there is none', async () => {
    answer('GET /v2.1/os-networks', 200, { networks: [] });
    expect((await novanet('network', 'list')).out).toBe(
      'There are no networks yet: novanet network create --help shows how to make one.',
    );
  });

  it('prints JSON wherever --json stands', async () => {
    answer('GET /v2.1/os-networks', 200, { networks: [network] });
    for (const args of [
      ['--json', 'network', 'list'],
      ['network', 'list', '--json'],
    ]) {
      expect(JSON.parse((await novanet(...args)).out)).toEqual([network]);
    }
    expect(JSON.parse((await novanet('network', 'show', 'private', '--json')).out)).toEqual(network);
  });

  it('deletes by label', async () => {
    answer('GET /v2.1/os-networks', 200, { networks: [network] });
    answer(`DELETE /v2.1/os-networks/${network.id}`, 202, undefined);
    const outcome = await novanet('network', 'delete', 'private');
    expect(outcome).toEqual({ exitCode: 0, out: `Deleted network private (${network.id}).`, complaints: '' });
    expect(requests.map(({ line }) => line)).toEqual([
      'GET /v2.1/os-networks',
      `DELETE /v2.1/os-networks/${network.id}`,
    ]);
  });
});

describe('novanet service list', () => {
  it('lists services as a table', async () => {
    answer('GET /v1/services', 200, {
      services: [
        { host: 'compute1', binary: 'nova-network', state: 'up', last_seen_at: '2026-01-02T03:04:05.000Z' },
      ],
    });
    expect((await novanet('service', 'list')).out).toBe(
      [
        'HOST      BINARY        STATE  LAST SEEN', //
        'compute1  nova-network  up     2026-01-02T03:04:05.000Z',
      ].join('\n'),
    );
  });
});

describe('novanet, when something is wrong', () => {
  it.each([
    { args: ['network', 'list'], exitCode: 3 },
    { args: ['network', 'frob'], exitCode: 2 },
    { args: ['network', 'show'], exitCode: 2 },
    { args: ['network', 'create', 'x'], exitCode: 2 },
    { args: ['network', 'create', 'x', '--cidr', '10.0.0.0'], exitCode: 2 },
    { args: ['network', 'list', '--api-url', 'controller:8774'], exitCode: 2 },
    { args: ['network', 'list', '--api-url', ''], exitCode: 2 },
    { args: [], exitCode: 2 },
    { args: ['--help'], exitCode: 0 },
    { args: ['network', 'create', '--help'], exitCode: 0 },
    { args: ['--version'], exitCode: 0 },
  ])('ends with $exitCode after $args', async ({ args, exitCode }) => {
    expect((await novanet(...args)).exitCode).toBe(exitCode);
  });

  it('says how to reach an API that does not answer', async () => {
    await new Promise((resolve) => server.close(resolve));
    expect(await novanet('network', 'list')).toEqual({
      exitCode: 3,
      out: '',
      complaints:
        `novanet: The network API at ${url} does not answer (connection refused): ` +
        'start it, or name another with --api-url or NOVANET_API_URL.',
    });
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
    answers.set('GET /v2.1/os-networks', { status, body });
    expect(await novanet('network', 'list')).toEqual({
      exitCode: 3,
      out: '',
      complaints:
        `novanet: ${url}/v2.1/os-networks answered, but not as the network API does (${said}): ` +
        'check --api-url or NOVANET_API_URL.',
    });
  });
});

it('who is not known is told of NOVANET_TOKEN', async () => {
  answer('GET /v2.1/os-networks', 401, { unauthorized: { code: 401, message: 'Who are you?' } });
  expect(await novanet('network', 'list')).toEqual({
    exitCode: 1,
    out: '',
    complaints:
      'novanet: Who are you?; set NOVANET_TOKEN to one that is good (from Keystone: openstack token issue -f value -c id).',
  });
});
