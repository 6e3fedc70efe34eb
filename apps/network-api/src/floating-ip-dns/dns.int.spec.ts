import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestApi, type Answer } from '../testing/test-api.js';

const A = { token: 'ann:a0' };
const B = { token: 'bob:b0' };
const path = '/v2.1/os-floating-ip-dns';
/** As nova's client writes it. */
const quoted = `${path}/ex%252Eorg`;
const plain = `${path}/ex.org`;
const www = { ip: '203.0.113.1', name: 'www', type: null, domain: 'ex.org', id: null };

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.create(
    { databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') },
    { floating_ip_dns_manager: 'dnsmasq', instance_dns_manager: 'dnsmasq' },
  );
}, 60_000);
afterAll(() => api?.remove());

beforeEach(async () => {
  const { body } = await api.ask('GET', path);
  for (const { domain } of body.domain_entries) await api.ask('DELETE', `${path}/${domain}`);
});

const register = (at: string, domain_entry: unknown): Promise<Answer> => api.ask('PUT', at, { domain_entry });
const name = (at: string, ip: string, by = A): Promise<Answer> =>
  api.ask('PUT', at, { dns_entry: { ip, dns_type: 'A' } }, by);

describe('os-floating-ip-dns: domains', () => {
  it.each([
    { name: 'of a project', entry: { scope: 'public', project: 'a0' }, more: { project: 'a0' } },
    { name: 'of every project', entry: { scope: 'public', project: null }, more: {} },
    { name: 'of nobody in particular', entry: { scope: 'public' }, more: {} },
    {
      name: 'of a zone',
      entry: { scope: 'private', availability_zone: 'az1' },
      more: { availability_zone: 'az1' },
    },
    { name: 'of all zones', entry: { scope: 'private', availability_zone: null }, more: {} },
  ])('registers one $name, and lists it', async ({ entry, more }) => {
    const { scope } = entry;
    const domain_entry = { domain: 'ex.org', scope, project: null, availability_zone: null, ...more };
    expect(await register(quoted, entry)).toMatchObject({ status: 200, body: { domain_entry } });
    expect((await api.ask('GET', path)).body).toEqual({ domain_entries: [domain_entry] });
  });

  it('deletes one, with its names', async () => {
    await register(plain, { scope: 'public' });
    await name(`${quoted}/entries/www`, www.ip);
    expect(await api.ask('DELETE', quoted)).toMatchObject({ status: 202, body: undefined });
    expect((await api.ask('GET', path)).body.domain_entries).toEqual([]);
    await register(plain, { scope: 'public' });
    expect((await api.ask('GET', `${quoted}/entries/www`)).status).toBe(404);
    expect((await api.ask('DELETE', `${path}/gone.org`)).status).toBe(404);
  });

  it.each([
    { entry: { scope: 'private', project: 'a0' }, text: 'you can not pass project if the scope is private' },
    {
      entry: { scope: 'public', availability_zone: 'az1' },
      text: 'you can not pass av_zone if the scope is public',
    },
    { entry: { scope: 'other' }, text: /scope.*is not one of/ },
    { entry: {}, text: /'scope' is a required property/ },
    { entry: { scope: 'public', x: 1 }, text: /'x' was unexpected/ },
    { entry: { scope: 'public', project: 5 }, text: /project/ },
  ])('refuses $entry', async ({ entry, text }) => {
    const refused = await register(plain, entry);
    expect(refused.status).toBe(400);
    expect(refused.body.badRequest.message).toMatch(text);
  });

  it.each(['not_a domain', 'a..b', '1.2.3.4', '%25'])('refuses the domain "%s"', async (domain) => {
    const refused = await register(`${path}/${encodeURIComponent(domain)}`, { scope: 'public' });
    expect(refused.status).toBe(400);
  });

  it('refuses to change the scope', async () => {
    await register(plain, { scope: 'public' });
    expect((await register(plain, { scope: 'private' })).status).toBe(409);
  });
});

describe('os-floating-ip-dns: names', () => {
  it('gives an address a name, moves it and removes it', async () => {
    await register(quoted, { scope: 'public', project: 'a0' });
    const at = `${quoted}/entries/www`;
    const given = await name(at, www.ip);
    expect(given).toMatchObject({ status: 200, body: { dns_entry: { ...www, type: 'A' } } });
    expect((await api.ask('GET', `${plain}/entries/www`, undefined, A)).body).toEqual({ dns_entry: www });
    expect((await name(at, '203.0.113.2')).status).toBe(200);
    expect((await api.ask('GET', at, undefined, A)).body.dns_entry.ip).toBe('203.0.113.2');
    expect(await api.ask('DELETE', at, undefined, A)).toMatchObject({ status: 202, body: undefined });
    expect((await api.ask('GET', at, undefined, A)).body.itemNotFound.message).toBe('DNS entries not found.');
    expect((await api.ask('DELETE', at, undefined, A)).status).toBe(404);
  });

  it('lists the names of an address, in both ways to ask', async () => {
    await register(plain, { scope: 'public' });
    for (const label of ['www', 'mail']) await name(`${plain}/entries/${label}`, www.ip);
    const dns_entries = [{ ...www, name: 'mail' }, www];
    expect((await api.ask('GET', `${quoted}/entries/${www.ip}`)).body).toEqual({ dns_entries });
    expect((await api.ask('GET', `${quoted}/entries?ip=${www.ip}`)).body).toEqual({ dns_entries });
    expect((await api.ask('GET', `${quoted}/entries/203.0.113.9`)).status).toBe(404);
    expect((await api.ask('GET', `${quoted}/entries?ip=203.0.113.9`)).body).toEqual({ dns_entries: [] });
    for (const query of ['', '?ip=x']) {
      expect((await api.ask('GET', `${quoted}/entries${query}`)).status).toBe(400);
    }
  });

  it.each([
    { label: 'www', entry: { ip: '203.0.113.1', dns_type: 'AAAA' }, status: 400 },
    { label: 'www', entry: { ip: 'x', dns_type: 'a' }, status: 400 },
    { label: 'www', entry: { ip: 'fd00::1', dns_type: 'A' }, status: 400 },
    { label: 'www', entry: { dns_type: 'A' }, status: 400 },
    { label: 'www', entry: { ip: '203.0.113.1', dns_type: 'A', ttl: 1 }, status: 400 },
    { label: 'a b', entry: { ip: '203.0.113.1', dns_type: 'A' }, status: 400 },
    { label: 'www', entry: { ip: '203.0.113.1', dns_type: 'a' }, status: 200 },
  ])('answers $status to $entry for "$label"', async ({ label, entry, status }) => {
    await register(plain, { scope: 'public' });
    const at = `${plain}/entries/${encodeURIComponent(label)}`;
    expect((await api.ask('PUT', at, { dns_entry: entry }, A)).status).toBe(status);
  });

  it('gives no name in a domain that does not exist', async () => {
    expect((await name(`${path}/gone.org/entries/www`, www.ip)).status).toBe(404);
  });
});

describe('what is of project A is not of project B', () => {
  const entry = { dns_entry: { ip: '203.0.113.7', dns_type: 'A' } };
  it.each([
    { method: 'PUT', at: plain, body: { domain_entry: { scope: 'public', project: 'b0' } } },
    { method: 'DELETE', at: plain },
    { method: 'GET', at: `${plain}/entries/www` },
    { method: 'GET', at: `${plain}/entries/${www.ip}` },
    { method: 'GET', at: `${plain}/entries?ip=${www.ip}` },
    { method: 'PUT', at: `${plain}/entries/www`, body: entry },
    { method: 'PUT', at: `${plain}/entries/new`, body: entry },
    { method: 'DELETE', at: `${plain}/entries/www` },
  ])('$method $at: 403', async ({ method, at, body }) => {
    await register(plain, { scope: 'public', project: 'a0' });
    await name(`${plain}/entries/www`, www.ip);
    expect((await api.ask(method, at, body, B)).status).toBe(403);
    expect((await api.ask('GET', path, undefined, B)).body.domain_entries).toEqual([]);
    expect((await api.ask('GET', path, undefined, A)).body.domain_entries).toMatchObject([{ project: 'a0' }]);
    expect((await api.ask('GET', `${plain}/entries/www`, undefined, A)).body.dns_entry).toEqual(www);
  });
});
