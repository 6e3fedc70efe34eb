import { parseIp } from '@novanet/net-address';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Operator } from './testing/operator.js';
import { TestApi, type Json } from './testing/test-api.js';

const WEB = 'c20f5eb7-3731-4401-bb46-73409f46ef14';

let api: TestApi;
let operator: Operator;

/** The network and the floating IP of instance web are served by h2. */
beforeAll(async () => {
  const servers = { databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') };
  api = await TestApi.create(servers);
  await api.addHost('h2');
  operator = new Operator({ NOVANET_API_URL: api.url });
  const { id } = await json('network create private 10.0.0.0/16 --bridge br100');
  await json(`network modify ${id} --host h2`);
  await api.ask('PUT', `/v1/instances/${WEB}`, { project_id: 'p1', host: 'h2', hostname: 'web' });
  const args = { instance_id: WEB, project_id: 'p1', host: 'h2', rxtx_factor: 1, vpn: false };
  await api.tellWorker('allocate_for_instance', { ...args, requested_networks: [[id, '10.0.0.9']] });
  await json('floating create 203.0.113.0/30');
  const project = { project_id: 'p1', auto_assigned: false, pool: null };
  const floating_address = await api.tellWorker('allocate_floating_ip', project);
  await api.tellWorker('associate_floating_ip', { floating_address, fixed_address: '10.0.0.9' });
}, 120_000);
afterAll(() => api?.remove());

async function json(line: string): Promise<Json> {
  const { exitCode, out, complaints } = await operator.run(`${line} --json`);
  expect({ line, exitCode, complaints }).toEqual({ line, exitCode: 0, complaints: '' });
  return JSON.parse(out);
}

const addressesOf = (found: Json): string[] => found.map(({ address }: Json) => address);

describe('an operator of two hosts', () => {
  it('sees what a host carries', async () => {
    expect(addressesOf(await json('floating list --host h2'))).toEqual(['203.0.113.1']);
    expect(addressesOf(await json('fixed list --host h2 --allocated'))).toEqual(['10.0.0.9']);
    expect((await operator.run('floating list h1')).complaints).toBe(
      'novanet: Floating IP not found for host h1.',
    );
  });

  it('empties a host: what it served goes to the heir, and nothing comes back before it is enabled', async () => {
    expect(await json('host drain h2 --heir h1')).toEqual({
      host: 'h2',
      addresses: [],
      networks: [expect.objectContaining({})],
      floating_ips_moved: ['203.0.113.1'],
      floating_ips_left: [],
      instances: [WEB],
      problems: [],
    });
    expect((await json('network show private')).host).toBe('h1');
    expect(addressesOf(await json('floating list --host h1'))).toEqual(['203.0.113.1']);
    expect((await operator.run('service list --host h2')).out).toMatch(/ disabled +:-\) +\S+ +drained$/);
    const refused = await operator.run('network convert private --single-host --host h2');
    expect(refused).toMatchObject({ exitCode: 3, out: '' });
    expect(refused.complaints).toMatch(/it is disabled: drained/);
    await json('service enable h2');
    expect((await json('network convert private --single-host --host h2')).host).toBe('h2');
  });

  it('takes a floating IP from an instance only if that is said', async () => {
    const refused = await operator.run('floating delete 203.0.113.1-203.0.113.2');
    expect(refused).toMatchObject({ exitCode: 1, out: '' });
    expect(refused.complaints).toMatch(/^novanet: .*203.0.113.1 is associated; --force takes away/);
    expect((await json('floating list')).length).toBe(2);
    expect((await operator.run('floating delete 203.0.113.1-203.0.113.2 --force')).exitCode).toBe(0);
    expect((await operator.run('floating list')).out).toBe('No floating IP addresses have been defined.');
  });

  it('lists more fixed IPs than the API gives at once', async () => {
    const [subnet] = (await api.ipam.networks.list())[0]?.subnets ?? [];
    for (let number = 0; number < 1001; number += 1) {
      const address = parseIp(`10.0.${4 + (number >> 8)}.${number & 255}`);
      await api.ipam.reservations.add(subnet?.id ?? 0, address);
    }
    const found = addressesOf(await json('fixed list --state reserved'));
    expect(found).toHaveLength(1002);
    expect(new Set(found).size).toBe(1002);
  });
});
