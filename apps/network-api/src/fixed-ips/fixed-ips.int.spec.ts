import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestApi, type Answer } from '../testing/test-api.js';

const UUID = 'c20f5eb7-3731-4401-bb46-73409f46ef14';
const path = '/v2.1/os-fixed-ips';
const VERSION = { headers: { 'x-openstack-nova-api-version': '2.4' } };

let api: TestApi;
/** Of an instance of project a0. */
let used: string;

beforeAll(async () => {
  api = await TestApi.create({ databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') });
  const network = { label: 'private', cidr: '10.0.0.0/29', bridge: 'br100' };
  const { id } = (await api.ask('POST', '/v2.1/os-networks', { network })).body.network;
  await api.ask('PUT', `/v1/instances/${UUID}`, { project_id: 'a0', host: 'h1', hostname: 'web.example' });
  await boot(UUID, id);
  used = String((await api.ipam.fixedIps.nicsOf(UUID))[0]?.fixedIps[0]?.address);
}, 60_000);
afterAll(() => api?.remove());

const boot = (uuid: string, networkUuid: string): Promise<unknown> =>
  api.tellWorker('allocate_for_instance', {
    instance_id: uuid,
    project_id: 'a0',
    host: 'h1',
    rxtx_factor: 1,
    vpn: false,
    requested_networks: [[networkUuid, null]],
  });
const show = (address: string): Promise<Answer> => api.ask('GET', `${path}/${address}`, undefined, VERSION);
const act = (address: string, body: unknown): Promise<Answer> =>
  api.ask('POST', `${path}/${address}/action`, body);

describe('os-fixed-ips', () => {
  it('shows who has an address', async () => {
    const shown = await api.ask('GET', `${path}/${used}`);
    const fixedIp = { address: used, cidr: '10.0.0.0/29', host: 'h1', hostname: 'web.example' };
    expect(shown).toMatchObject({ status: 200, body: { fixed_ip: fixedIp } });
    expect(shown.body.fixed_ip).toEqual(fixedIp);
    expect((await show(used)).body.fixed_ip).toEqual({ ...fixedIp, reserved: false });
  });

  it.each([
    { name: 'a free address', address: '10.0.0.6', reserved: false },
    { name: 'the gateway', address: '10.0.0.1', reserved: true },
    { name: 'the address of the network', address: '10.0.0.0', reserved: true },
    { name: 'the broadcast address', address: '10.0.0.7', reserved: true },
  ])('shows $name', async ({ address, reserved }) => {
    expect((await show(address)).body.fixed_ip).toEqual({
      address,
      cidr: '10.0.0.0/29',
      host: null,
      hostname: null,
      reserved,
    });
  });

  it('keeps an address from instances until it is given free, however often it is told', async () => {
    for (const nothing of [null, 'None', {}]) {
      expect(await act('10.0.0.5', { reserve: nothing })).toMatchObject({ status: 202, body: undefined });
      expect((await show('10.0.0.5')).body.fixed_ip.reserved).toBe(true);
    }
    for (const nothing of [null, 'None', {}]) {
      expect(await act('10.0.0.5', { unreserve: nothing })).toMatchObject({ status: 202, body: undefined });
      expect((await show('10.0.0.5')).body.fixed_ip.reserved).toBe(false);
    }
  });

  it('refuses to reserve what an instance has, and to hand out a gateway', async () => {
    const inUse = await act(used, { reserve: null });
    expect(inUse.status).toBe(409);
    expect(inUse.body.conflictingRequest.message).toBe(
      `Fixed IP address ${used} is already in use on instance ${UUID}.`,
    );
    const gateway = await act('10.0.0.1', { unreserve: null });
    expect(gateway.body.badRequest.message).toBe(
      'Invalid input received: 10.0.0.1 is a gateway address, which stays reserved',
    );
    expect((await act(used, { unreserve: null })).status).toBe(202);
    expect((await show(used)).body.fixed_ip).toMatchObject({ host: 'h1', reserved: false });
  });

  it.each([
    {
      address: '192.0.2.1',
      status: 404,
      shown: 'Fixed IP not found for address 192.0.2.1.',
      acted: 'Fixed IP 192.0.2.1 not found',
    },
    {
      address: 'fd00::1',
      status: 404,
      shown: 'Fixed IP not found for address fd00::1.',
      acted: 'Fixed IP fd00::1 not found',
    },
    {
      address: '10.0.0',
      status: 400,
      shown: 'Fixed IP address 10.0.0 is invalid.',
      acted: 'Fixed IP 10.0.0 not valid',
    },
  ])('knows no $address', async ({ address, status, shown, acted }) => {
    const answers = [
      [await show(address), shown],
      [await act(address, { reserve: null }), acted],
      [await act(address, { unreserve: null }), acted],
    ] as const;
    for (const [answer, text] of answers) {
      expect(answer.status).toBe(status);
      expect(answer.body.error.message).toBe(text);
    }
  });

  it.each([
    { body: { lose: null }, text: 'There is no such action: lose' },
    { body: {}, text: 'Malformed request body: one action is expected, not none' },
    { body: [], text: 'Malformed request body: one action is expected, not none' },
    {
      body: { reserve: null, unreserve: null },
      text: 'Malformed request body: one action is expected, not reserve, unreserve',
    },
    { body: { reserve: 1 }, text: 'Invalid input for field/attribute reserve. Value: 1. It is to be null' },
  ])('refuses $body', async ({ body, text }) => {
    const refused = await act('10.0.0.5', body);
    expect(refused.body.badRequest?.message).toBe(text);
  });

  it.each([
    { method: 'GET', at: '' },
    { method: 'POST', at: '/action', body: { reserve: null } },
    { method: 'POST', at: '/action', body: { unreserve: null } },
  ])('is for administrators alone: $method $body', async ({ method, at, body }) => {
    for (const token of ['ann:a0', 'bob:b0']) {
      expect((await api.ask(method, `${path}/${used}${at}`, body, { token })).status).toBe(403);
    }
  });
});
