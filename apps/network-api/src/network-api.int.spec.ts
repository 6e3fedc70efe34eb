import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { OsloBroker, OsloClient } from '@novanet/messaging';
import { parseHostName } from '@novanet/net-address';
import { waitFor } from '@novanet/testbed';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { createApp } from './create-app.js';
import { CloudDatabase } from './database/cloud-database.js';
import { AnswerCheck } from './testing/answer-check.js';
import { createTestCloud, log, type TestCloud } from './testing/test-cloud.js';
import type { TestWorker } from './testing/test-worker.js';
import { standardParts } from './testing/standard-parts.js';
import { NetworkWorkers } from './workers/network-workers.js';

let cloud: TestCloud;
let worker: TestWorker;
let app: NestExpressApplication;
let baseUrl: string;

beforeAll(async () => {
  cloud = await createTestCloud({ databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') });
  worker = await cloud.startWorker();
  const api = await startApi();
  ({ app, baseUrl } = api);
  await api.opening;
});

afterAll(async () => {
  await app?.close();
  await worker?.stop();
  await cloud?.remove();
});

const checks: AnswerCheck[] = [];
afterEach(() => checks.forEach((check) => check.throwProblems()));

interface ApiOptions {
  readonly databaseUrl: string;
  readonly transportUrl: string;
  readonly topic: string;
  readonly timeoutMs: number;
}

async function startApi(different: Partial<ApiOptions> = {}) {
  const { databaseUrl, transportUrl, topic, timeoutMs } = { ...cloud, timeoutMs: 5_000, ...different };
  const broker = new OsloBroker({
    transportUrl,
    controlExchange: cloud.exchange,
    serviceName: 'test-api',
    log,
  });
  const workers = new NetworkWorkers(new OsloClient({ broker, timeoutMs }), topic);
  const database = new CloudDatabase(databaseUrl, log);
  const api = await createApp({ database, workers, ...standardParts }, log);
  checks.push(new AnswerCheck(api.getHttpServer()));
  await api.listen(0, '127.0.0.1');
  const { port } = api.getHttpServer().address() as AddressInfo;
  await workers.connect();
  return { app: api, baseUrl: `http://127.0.0.1:${port}`, opening: database.open() };
}

/** The tests know what they ask for. */
type Json = ReturnType<typeof JSON.parse>;

interface Answer {
  status: number;
  headers: Headers;
  body: Json;
}

async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(baseUrl + path, {
    method,
    headers: {
      'x-auth-token': 'admin:admin',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    body: typeof body === 'string' ? body : (JSON.stringify(body) ?? null),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

let networkNumber = 0;

/** A network with a range that no other test uses. */
async function createNetwork(more: object = {}): Promise<Json> {
  networkNumber += 1;
  const network = {
    label: `net${networkNumber}`,
    cidr: `10.${networkNumber}.0.0/24`,
    bridge: 'br100',
    ...more,
  };
  const { status, body } = await ask('POST', '/v2.1/os-networks', { network });
  expect(status).toBe(200);
  return body.network;
}

describe('os-networks', () => {
  it('creates a network, and shows it as it is stored', async () => {
    const created = await createNetwork({ label: 'private', bridge_interface: 'eth1', dns1: '8.8.4.4' });
    expect(created).toMatchObject({
      label: 'private',
      cidr: '10.1.0.0/24',
      netmask: '255.255.255.0',
      gateway: '10.1.0.1',
      dhcp_server: '10.1.0.1',
      dhcp_start: '10.1.0.2',
      broadcast: '10.1.0.255',
      bridge: 'br100',
      bridge_interface: 'eth1',
      dns1: '8.8.4.4',
      multi_host: false,
      enable_dhcp: true,
      host: null,
      deleted: false,
    });
    expect(created.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
    expect((await ask('GET', `/v2.1/os-networks/${created.id}`)).body).toEqual({ network: created });
    expect((await ask('GET', '/v2.1/os-networks')).body.networks).toContainEqual(created);
  });

  it('fills a range that is larger than the usual network', async () => {
    const created = await createNetwork({ cidr: '172.16.0.0/12' });
    expect(created).toMatchObject({ cidr: '172.16.0.0/12', broadcast: '172.31.255.255' });
  });

  it('answers under every way to write the path', async () => {
    const { id } = await createNetwork();
    for (const path of [
      `/v2.1/${id}/os-networks/${id}`,
      `/v2.1/os-networks/${id.toUpperCase()}`,
      `/v2.1/os-networks/${id}.json`,
      `/v2/0123456789abcdef/os-networks/${id}/`,
    ]) {
      const project = /^\/v2(?:\.1)?\/([0-9a-f-]+)\//.exec(path)?.[1] ?? 'admin';
      const headers = { 'x-auth-token': `admin:${project}` };
      expect((await ask('GET', path, undefined, headers)).body.network.id).toBe(id);
    }
  });

  it('deletes a network', async () => {
    const { id } = await createNetwork();
    expect(await ask('DELETE', `/v2.1/os-networks/${id}`)).toMatchObject({ status: 202, body: undefined });
    expect((await ask('GET', `/v2.1/os-networks/${id}`)).status).toBe(404);
  });

  it('does not delete a network with an address in use, or of a project', async () => {
    const inUse = await createNetwork();
    const uuid = crypto.randomUUID();
    const network = (await cloud.ipam.networks.findByUuid(inUse.id))!;
    await cloud.ipam.fixedIps.allocate({
      instance: { uuid, projectId: null, host: null },
      nics: [{ network }],
    });
    expect(await ask('DELETE', `/v2.1/os-networks/${inUse.id}`)).toMatchObject({
      status: 409,
      body: { conflictingRequest: { code: 409, message: `Network ${inUse.id} is still in use.` } },
    });
    const owned = await createNetwork({ project_id: 'p1' });
    expect((await ask('DELETE', `/v2.1/os-networks/${owned.id}`)).body.conflictingRequest.message).toBe(
      'Network must be disassociated from project p1 before it can be deleted.',
    );
  });

  it.each([
    {
      name: 'a uuid that no network has',
      request: ['GET', '/v2.1/os-networks/20c8acc0-f747-4d71-a389-46d078ebf047'],
      fault: { itemNotFound: { code: 404, message: 'Network not found' } },
    },
    {
      name: 'a uuid that is none',
      request: ['DELETE', '/v2.1/os-networks/private'],
      fault: { itemNotFound: { code: 404, message: 'Network not found' } },
    },
    {
      name: 'a network without range',
      request: ['POST', '/v2.1/os-networks', { network: { label: 'x', bridge: 'br100' } }],
      fault: { badRequest: { code: 400, message: 'cidr or cidr_v6 is required to create a network.' } },
    },
    {
      name: 'a network without bridge',
      request: ['POST', '/v2.1/os-networks', { network: { label: 'x', cidr: '192.0.2.0/24' } }],
      fault: { badRequest: { code: 400, message: 'bridge is required to create a network.' } },
    },
    {
      name: 'an empty label',
      request: [
        'POST',
        '/v2.1/os-networks',
        { network: { label: '', cidr: '192.0.2.0/24', bridge: 'br100' } },
      ],
      fault: { badRequest: { code: 400, message: 'label is required to create a network.' } },
    },
    {
      name: 'an address outside of the range',
      request: [
        'POST',
        '/v2.1/os-networks',
        { network: { label: 'x', cidr: '192.0.2.0/24', bridge: 'br100', gateway: '10.0.0.1' } },
      ],
      fault: { badRequest: { code: 400, message: '10.0.0.1 is not within 192.0.2.0/24.' } },
    },
    {
      name: 'a body that is no JSON',
      request: ['POST', '/v2.1/os-networks', '{"network":'],
      fault: { badRequest: { code: 400, message: expect.stringContaining('Malformed request body') } },
    },
    {
      name: 'a body of another kind',
      request: [
        'POST',
        '/v2.1/os-networks',
        'label=x',
        { 'content-type': 'application/x-www-form-urlencoded' },
      ],
      fault: { badRequest: { code: 400, message: 'Unsupported Content-Type' } },
    },
    {
      name: 'a body that is too large',
      request: ['POST', '/v2.1/os-networks', { network: { label: 'x'.repeat(2_000_000) } }],
      fault: { overLimit: { code: 413, message: 'The request is too large.' } },
    },
    {
      name: 'a path that leads nowhere',
      request: ['GET', '/v2.1/os-nowhere'],
      fault: { itemNotFound: { code: 404, message: 'The resource could not be found.' } },
    },
    {
      name: 'a version that does not exist',
      request: ['GET', '/v2.1/os-networks', undefined, { 'x-openstack-nova-api-version': '2.99' }],
      fault: {
        computeFault: {
          code: 406,
          message: 'Version 2.99 is not supported by the API. Minimum is 2.1 and maximum is 2.25.',
        },
      },
    },
  ] as const)('refuses $name', async ({ request: [method, path, body, headers], fault }) => {
    const answer = await ask(method, path, body, headers);
    const [expected] = Object.values(fault);
    expect(answer.status).toBe(expected!.code);
    expect(Object.keys(answer.body)).toEqual([Object.keys(fault)[0], 'error']);
    expect(answer.body).toMatchObject(fault);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  });

  it('refuses a range that is taken', async () => {
    const { cidr } = await createNetwork();
    const network = { label: 'again', cidr, bridge: 'br100' };
    const { status, body } = await ask('POST', '/v2.1/os-networks', { network });
    expect(status).toBe(409);
    expect(body.conflictingRequest.message).toBe(
      `Requested cidr (${cidr}) conflicts with existing cidr (${cidr})`,
    );
  });

  it('creates networks that are asked for at the same moment, each once', async () => {
    const networks = Array.from({ length: 8 }, (_, index) => ({
      label: 'crowd',
      cidr: `192.168.${index % 4}.0/24`,
      bridge: 'br100',
    }));
    const answers = await Promise.all(
      networks.map((network) => ask('POST', '/v2.1/os-networks', { network })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(4);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(4);
    const stored = (await cloud.ipam.networks.list()).filter(({ label }) => label === 'crowd');
    expect(stored).toHaveLength(4);
  });
});

describe('instances', () => {
  const registration = {
    project_id: 'p1',
    user_id: 'u1',
    host: 'compute1',
    display_name: 'web',
    hostname: 'web',
    availability_zone: 'nova',
    compute_id: null,
    launch_index: 0,
    reservation_id: 'r-0a1b2c3d',
    instance_type: 'm1.small',
    ami_id: 'ami-00000001',
    kernel_id: 'aki-00000002',
    ramdisk_id: 'ari-00000003',
    key_name: 'mykey',
    public_key: 'ssh-rsa AAAA me\n',
    user_data: Buffer.from('#!/bin/sh\n'.repeat(6_000)).toString('base64'),
    meta: { role: 'web', constructor: 'a word like others', toString: 'so is this' },
    security_groups: ['default'],
  };

  it('are registered, shown with their addresses, and forgotten', async () => {
    const uuid = crypto.randomUUID();
    const put = await ask('PUT', `/v1/instances/${uuid}`, registration);
    expect(put.status).toBe(200);
    expect(put.body).toMatchObject({
      id: expect.any(Number),
      uuid,
      ...registration,
      registered: true,
      addresses: [],
    });

    const { id: networkId, label, cidr } = await createNetwork();
    const network = (await cloud.ipam.networks.findByUuid(networkId))!;
    await cloud.ipam.fixedIps.allocate({
      instance: { uuid, projectId: 'p1', host: parseHostName('compute1') },
      nics: [{ network }],
    });
    const [nic] = await cloud.ipam.fixedIps.nicsOf(uuid);
    const shown = await ask('GET', `/v1/instances/${uuid}`);
    expect(shown.body).toEqual({
      ...put.body,
      updated_at: shown.body.updated_at,
      addresses: [
        {
          network_id: networkId,
          network_label: label,
          mac: nic?.vif.mac.toString(),
          address: cidr.replace('0/24', '2'),
          version: 4,
        },
      ],
    });
    expect(await ask('DELETE', `/v1/instances/${uuid}`)).toMatchObject({ status: 409 });

    await cloud.ipam.fixedIps.deallocate(uuid);
    expect(await ask('DELETE', `/v1/instances/${uuid}`)).toMatchObject({ status: 204, body: undefined });
    expect((await ask('GET', `/v1/instances/${uuid}`)).body.itemNotFound.message).toBe(
      `Instance ${uuid} could not be found.`,
    );
    expect((await ask('DELETE', `/v1/instances/${uuid}`)).status).toBe(404);
  });

  it('show the password that they left, once there is one', async () => {
    const uuid = crypto.randomUUID();
    const path = `/v1/instances/${uuid}/password`;
    expect((await ask('GET', path)).status).toBe(404);
    await ask('PUT', `/v1/instances/${uuid}`, registration);
    expect(await ask('GET', path)).toMatchObject({ status: 200, body: { password: '' } });
    await cloud.ipam.instances.leavePassword(uuid, 'c2VjcmV0');
    expect(await ask('GET', path)).toMatchObject({ status: 200, body: { password: 'c2VjcmV0' } });
    expect((await ask('GET', '/v1/instances/mine/password')).status).toBe(400);
  });

  it('may leave another password when the first is cleared', async () => {
    const uuid = crypto.randomUUID();
    const path = `/v1/instances/${uuid}/password`;
    expect((await ask('DELETE', path)).status).toBe(404);
    await ask('PUT', `/v1/instances/${uuid}`, registration);
    await cloud.ipam.instances.leavePassword(uuid, 'c2VjcmV0');
    expect(await ask('DELETE', path)).toMatchObject({ status: 204, body: undefined });
    expect((await ask('GET', path)).body).toEqual({ password: '' });
    expect((await ask('DELETE', path)).status).toBe(204);
    expect(await cloud.ipam.instances.leavePassword(uuid, 'b3RoZXI=')).toBe('stored');
    expect((await ask('DELETE', '/v1/instances/mine/password')).status).toBe(400);
  });

  it('keep their id when they are registered again, and forget what is left out', async () => {
    const uuid = crypto.randomUUID();
    const first = await ask('PUT', `/v1/instances/${uuid}`, registration);
    const second = await ask('PUT', `/v1/instances/${uuid}`, { display_name: 'renamed' });
    expect(second.body).toMatchObject({
      id: first.body.id,
      display_name: 'renamed',
      key_name: null,
      meta: {},
    });
  });

  it.each([
    ['a uuid that is none', 'x', {}, 'Expected a uuid but received x.'],
    [
      'a wrong reservation',
      crypto.randomUUID(),
      { reservation_id: 'r-1' },
      'attribute reservation_id. Value: "r-1".',
    ],
    ['user data that is no base64', crypto.randomUUID(), { user_data: '#!/bin/sh' }, 'attribute user_data.'],
    ['a host with a wildcard', crypto.randomUUID(), { host: '#' }, 'attribute host. Value: "#".'],
    ['a list', crypto.randomUUID(), [], 'Malformed request body: an object is expected'],
    [
      'a field nobody knows',
      crypto.randomUUID(),
      { key_nmae: 'x' },
      "Additional properties are not allowed ('key_nmae' was unexpected)",
    ],
  ])('are refused with %s', async (_, uuid, body, message) => {
    const answer = await ask('PUT', `/v1/instances/${uuid}`, body);
    expect(answer.status).toBe(400);
    expect(answer.body.badRequest.message).toContain(message);
  });
});

describe('services', () => {
  it('are shown up as long as they report', async () => {
    await cloud.ipam.services.beat({
      host: parseHostName('compute1'),
      binary: 'nova-network',
      topic: 'network',
    });
    const { body } = await ask('GET', '/v1/services');
    expect(body.services).toEqual([
      {
        host: 'compute1',
        binary: 'nova-network',
        state: 'up',
        last_seen_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      },
    ]);
  });
});

describe('the API', () => {
  it('tells its versions to clients that come without one', async () => {
    const { body } = await ask('GET', '/');
    expect(body.versions.map(({ id }: { id: string }) => id)).toEqual(['v2.0', 'v2.1']);
    expect(body.versions[1].links[0].href).toBe(`${baseUrl}/v2.1/`);
    for (const path of ['/v2.1', '/v2.1/']) expect((await ask('GET', path)).body.version.id).toBe('v2.1');
    expect((await ask('GET', '/v2/')).body.version.id).toBe('v2.0');
  });

  it('repeats the version that was asked for', async () => {
    const { headers } = await ask('GET', '/v2.1/os-networks', undefined, {
      'openstack-api-version': 'compute 2.12',
    });
    expect(headers.get('x-openstack-nova-api-version')).toBe('2.12');
    expect(headers.get('openstack-api-version')).toBe('compute 2.12');
    expect(headers.get('vary')).toContain('X-OpenStack-Nova-API-Version');
  });

  it('gives each answer an id, which the worker hears too', async () => {
    const uuid = crypto.randomUUID();
    const { headers } = await ask('PUT', `/v1/instances/${uuid}`, {});
    const requestId = headers.get('x-openstack-request-id');
    expect(requestId).toMatch(/^req-[0-9a-f-]{36}$/);
    expect(headers.get('x-compute-request-id')).toBe(requestId);
    expect(worker.heard.at(-1)).toEqual({ method: 'put_instance', requestId, isAdmin: true });
    const refused = await ask('GET', '/nowhere');
    expect(refused.headers.get('x-openstack-request-id')).not.toBe(requestId);
  });

  it('is live and ready, and tells its metrics', async () => {
    expect((await ask('GET', '/health/live')).status).toBe(200);
    await waitFor(async () => (await ask('GET', '/health/ready')).status === 200, {
      limitMs: 5_000,
      what: 'readiness',
    });
    const { body } = await ask('GET', '/health/ready');
    expect(body).toEqual({ status: 'ready', checks: { database: 'ok', broker: 'ok' } });
    const metrics = await (await fetch(`${baseUrl}/metrics`)).text();
    expect(metrics).toContain(
      'novanet_api_request_duration_seconds_count{method="GET",route="/health/ready",status="200"}',
    );
  });

  it('describes itself', async () => {
    const { body } = await ask('GET', '/openapi.json');
    expect(body.paths['/v2.1/os-networks']).toHaveProperty('post');
    expect(await (await fetch(`${baseUrl}/docs`)).text()).toContain('swagger-ui');
  });
});

describe('the API, when something is missing', () => {
  /** Asks another instance of the API instead. */
  async function instead(
    api: Awaited<ReturnType<typeof startApi>>,
    work: () => Promise<void>,
  ): Promise<void> {
    const usual = baseUrl;
    ({ baseUrl } = api);
    try {
      await work();
    } finally {
      baseUrl = usual;
      const stopped = api.app.close().then(() => api.opening);
      await Promise.race([
        stopped,
        sleep(5_000).then(() => Promise.reject(new Error('did not stop in 5 s'))),
      ]);
    }
  }

  it('says at once that there is no network worker, and how to see it', async () => {
    await instead(await startApi({ topic: 'nobody' }), async () => {
      const { status, body } = await ask('PUT', `/v1/instances/${crypto.randomUUID()}`, {});
      expect(status).toBe(503);
      expect(body.serviceUnavailable.message).toBe(
        'No network worker answers: none is running; novanet service list shows which workers are alive.',
      );
    });
  });

  it('says in time that the network workers do not answer any more', async () => {
    await worker.stop();
    await instead(await startApi({ timeoutMs: 300 }), async () => {
      const { status, body } = await ask('PUT', `/v1/instances/${crypto.randomUUID()}`, {});
      expect(status).toBe(503);
      expect(body.serviceUnavailable.message).toMatch(
        /^No network worker answers: none is running.*service list shows/,
      );
    });
    worker = await cloud.startWorker();
    expect((await ask('PUT', `/v1/instances/${crypto.randomUUID()}`, {})).status).toBe(200);
  });

  it('starts without database and broker, answers 503, and stops in time', async () => {
    const [databaseUrl, transportUrl] = ['mysql://nobody@127.0.0.1:1/none', 'rabbit://127.0.0.1:1/'];
    await instead(await startApi({ databaseUrl, transportUrl, timeoutMs: 300 }), async () => {
      expect((await ask('GET', '/health/live')).status).toBe(200);
      expect(await ask('GET', '/health/ready')).toMatchObject({
        status: 503,
        body: {
          status: 'not ready',
          checks: {
            database: 'The database is not available: no connection yet',
            broker: 'not connected: check transport_url, and the broker itself',
          },
        },
      });
      const list = await ask('GET', '/v2.1/os-networks');
      expect(list.body.serviceUnavailable.message).toBe('The database is not available: no connection yet');
      const put = await ask('PUT', `/v1/instances/${crypto.randomUUID()}`, {});
      expect(put.body.serviceUnavailable.message).toMatch(/^The message broker does not answer within 0.3 s/);
    });
  });
});
