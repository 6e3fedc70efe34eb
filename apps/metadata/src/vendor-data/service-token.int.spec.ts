import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@novanet/observability';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { httpService } from '../testing/http-service.js';
import { instance } from '../testing/instance-fixture.js';
import { vendorDataWith } from '../testing/vendor-data-with.js';

const account = {
  vendordata_auth_username: 'nova',
  vendordata_auth_password: 'hidden-pass',
  vendordata_auth_user_domain_name: 'Services',
  vendordata_auth_project_name: 'service',
  vendordata_auth_project_domain_name: 'Projects',
};

/** Keystone's clock is its own. */
const HOUR = { issued_at: '2001-01-01T00:00:00.000000Z', expires_at: '2001-01-01T01:00:00.000000Z' };

const given = (token: string, life: object = HOUR) => ({
  status: 201,
  headers: { 'X-Subject-Token': token },
  body: JSON.stringify({ token: life }),
});

/** Gives hidden-1, hidden-2, … */
async function keystone(tls?: { cert: Buffer; key: Buffer }) {
  let count = 0;
  return httpService(() => given(`hidden-${++count}`), tls);
}

/** A target that knows these tokens. */
async function target(...known: readonly string[]) {
  const service = await httpService(({ headers }) =>
    known.includes(String(headers['x-auth-token']))
      ? { status: 200, body: '{"hello": 1}' }
      : { status: 401, body: '' },
  );
  return { url: service.url, shown: () => service.asked.map(({ headers }) => headers['x-auth-token']) };
}

function vendorData(targetUrl: string, keystoneUrl: string, more: Readonly<Record<string, string>> = {}) {
  const options = {
    vendordata_providers: 'StaticJSON,DynamicJSON',
    vendordata_dynamic_targets: `testing@${targetUrl}`,
    vendordata_auth_url: keystoneUrl,
    ...account,
    ...more,
  };
  const lines: string[] = [];
  const log = createLogger('test', 'trace', { write: (line) => lines.push(line) });
  const data = vendorDataWith(options, log);
  // What was said of one instance is remembered.
  const ask = () => data.of({ ...instance, uuid: crypto.randomUUID() }, 'test');
  return { ask, lines };
}

const HELLO = { static: {}, testing: { hello: 1 } };
const NOTHING = { static: {}, testing: {} };
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe('a token for targets', () => {
  it('is got from Keystone in the name of the account, once', async () => {
    const [{ url, shown }, { url: authUrl, asked }] = [await target('hidden-1'), await keystone()];
    const { ask } = vendorData(url, authUrl);
    expect(await Promise.all(Array.from({ length: 20 }, ask))).toEqual(times(20, HELLO));
    expect(await ask()).toEqual(HELLO);
    expect(shown()).toEqual(times(21, 'hidden-1'));
    expect(asked).toMatchObject([{ method: 'POST', path: '/v3/auth/tokens?nocatalog' }]);
    const user = { name: 'nova', domain: { name: 'Services' }, password: 'hidden-pass' };
    expect(asked[0]?.body).toEqual({
      auth: {
        identity: { methods: ['password'], password: { user } },
        scope: { project: { name: 'service', domain: { name: 'Projects' } } },
      },
    });
  });

  it('is got for ids as well, in the domain default where none is named, without a project', async () => {
    const [{ url }, { url: authUrl, asked }] = [await target('hidden-1', 'hidden-2'), await keystone()];
    const ids = { user_id: 'u1', project_id: 'p1' };
    const byId = Object.entries(ids).map(([name, id]) => [`vendordata_auth_${name}`, id]);
    await vendorData(url, `${authUrl}/identity/v3/`, Object.fromEntries(byId)).ask();
    const none = Object.keys(account).filter((name) => /domain|project/.test(name));
    const bare = Object.fromEntries(none.map((name) => [name, '']));
    await vendorData(url, `${authUrl}/v2.0`, bare).ask();
    const identity = (user: object) => ({
      methods: ['password'],
      password: { user: { ...user, password: 'hidden-pass' } },
    });
    expect(asked.map(({ path, body }) => ({ path, body }))).toEqual([
      {
        path: '/identity/v3/auth/tokens?nocatalog',
        body: { auth: { identity: identity({ id: 'u1' }), scope: { project: { id: 'p1' } } } },
      },
      {
        path: '/v3/auth/tokens?nocatalog',
        body: { auth: { identity: identity({ name: 'nova', domain: { id: 'default' } }) } },
      },
    ]);
  });

  it('is got anew half a minute before it ends', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const [{ url, shown }, { url: authUrl }] = [await target('hidden-1', 'hidden-2'), await keystone()];
    const { ask } = vendorData(url, authUrl);
    await ask();
    vi.advanceTimersByTime(3_569_000);
    await ask();
    vi.advanceTimersByTime(2000);
    await ask();
    expect(shown()).toEqual(['hidden-1', 'hidden-1', 'hidden-2']);
  });

  it('that a target does not accept is got anew, once for all who showed it', async () => {
    const known = ['hidden-1'];
    const { url, asked } = await keystone();
    const at = await httpService(({ headers }) =>
      headers['x-auth-token'] === known[0]
        ? { status: 200, body: '{"hello": 1}' }
        : { status: 401, body: '' },
    );
    const { ask } = vendorData(at.url, url);
    expect(await ask()).toEqual(HELLO);
    known[0] = 'hidden-2';
    expect(await Promise.all(Array.from({ length: 10 }, ask))).toEqual(times(10, HELLO));
    expect(asked).toHaveLength(2);
  });

  it('that a target accepts neither then leaves an empty object, and the target alone', async () => {
    const [{ url, shown }, { url: authUrl }] = [await target(), await keystone()];
    const { ask } = vendorData(url, authUrl);
    expect(await ask()).toEqual(NOTHING);
    expect(await ask()).toEqual(NOTHING);
    expect(shown()).toEqual(['hidden-1', 'hidden-2']);
  });

  it('stands in no line of the log, nor does the password', async () => {
    const [{ url }, { url: authUrl }] = [await target(), await keystone()];
    const { ask, lines } = vendorData(url, authUrl);
    await ask();
    const refusing = await httpService(({ body }) => ({ status: 401, body: JSON.stringify(body) }));
    const refused = vendorData(url, refusing.url);
    await refused.ask();
    const all = [...lines, ...refused.lines];
    expect(all).toHaveLength(2);
    expect(all.join()).not.toContain('hidden');
  });
});

describe('Keystone', () => {
  it.each([
    { name: 'refuses the account', reply: { ...given('hidden'), status: 401 }, reason: 'it answered 401' },
    { name: 'fails', reply: { ...given('hidden'), status: 503 }, reason: 'it answered 503' },
    {
      name: 'gives no token',
      reply: { ...given(''), headers: {} },
      reason: 'it answered without a token',
    },
    { name: 'gives an empty token', reply: given(''), reason: 'it answered without a token' },
    {
      name: 'says too much',
      reply: given('hidden', { x: 'x'.repeat(1 << 21) }),
      reason: 'more than 1048576',
    },
    {
      name: 'says no JSON',
      reply: { ...given('hidden'), body: '<html>' },
      reason: 'it answered what is no JSON',
    },
    { name: 'says nothing', reply: { ...given('hidden'), body: '' }, reason: 'how long its token is good' },
    { name: 'says null', reply: { ...given('hidden'), body: 'null' }, reason: 'how long its token is good' },
    { name: 'names no end', reply: given('hidden', {}), reason: 'how long its token is good' },
    { name: 'is silent', reply: undefined, reason: 'no answer within 1000 ms' },
  ])('that $name is like a target that fails', async ({ reply, reason }) => {
    const [{ url, shown }, { url: authUrl, asked }] = [
      await target('hidden'),
      await httpService(() => reply),
    ];
    const { ask, lines } = vendorData(url, authUrl, { vendordata_auth_timeout: '1' });
    expect(await ask()).toEqual(NOTHING);
    expect(await ask()).toEqual(NOTHING);
    expect(asked).toHaveLength(1);
    expect(shown()).toEqual([]);
    expect(lines.join()).toContain('Keystone gives no token');
    expect(lines.join()).toContain(reason);
    const fatal = { vendordata_dynamic_failure_fatal: 'true', vendordata_auth_timeout: '1' };
    await expect(vendorData(url, authUrl, fatal).ask()).rejects.toThrow('Keystone gives no token');
  });

  it('that was away is asked again after a while', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    let isAway = true;
    const away = { status: 503, body: '' };
    const { url: authUrl } = await httpService(() => (isAway ? away : given('hidden')));
    const { ask } = vendorData((await target('hidden')).url, authUrl);
    expect(await ask()).toEqual(NOTHING);
    isAway = false;
    vi.advanceTimersByTime(10_001);
    expect(await ask()).toEqual(HELLO);
  });

  it('is believed when an authority vouches for it, or when nobody has to', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'novanet-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    const subject = ['-subj', '/CN=keystone', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const how = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key];
    execFileSync('openssl', [...how, '-out', certificate, ...subject], { stdio: 'ignore' });
    const { url: authUrl } = await keystone({ cert: readFileSync(certificate), key: readFileSync(key) });
    const { url } = await target('hidden-1', 'hidden-2');
    const said = (more: Readonly<Record<string, string>>) => vendorData(url, authUrl, more).ask();
    expect(await said({})).toEqual(NOTHING);
    expect(await said({ vendordata_auth_cafile: certificate })).toEqual(HELLO);
    expect(await said({ vendordata_auth_insecure: 'true' })).toEqual(HELLO);
  });
});
