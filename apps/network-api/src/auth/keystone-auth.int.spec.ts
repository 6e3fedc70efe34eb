import { createLogger } from '@novanet/observability';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { PolicyBook } from '../policy/policy-book.js';
import { KeystoneServer, PASSWORD, tokenOf } from '../testing/keystone-server.js';
import { settingsWith } from '../testing/settings-with.js';
import { chooseAuthenticator } from './choose-authenticator.js';

let keystone: KeystoneServer;
beforeEach(async () => {
  keystone = await KeystoneServer.start();
  keystone.tokens.set('hidden-joe', tokenOf('joe', 'p1', 'member', 'reader'));
  keystone.tokens.set('hidden-root', tokenOf('root', 'p0', 'admin'));
});

/** Whoever shows a token, and what the log said of it. */
function door(options: Readonly<Record<string, string>> = {}) {
  const lines: string[] = [];
  const log = createLogger('test', 'trace', { write: (line) => lines.push(line) });
  const account = {
    keystone_url: keystone.url,
    keystone_username: 'novanet',
    keystone_password: PASSWORD,
    keystone_project_name: 'service',
    keystone_max_retries: '0',
    keystone_connect_timeout: '1',
  };
  const authenticator = chooseAuthenticator(settingsWith({ ...account, ...options }), new PolicyBook(), log);
  const show = (token?: string) => {
    const get = (name: string) => (name.toLowerCase() === 'x-auth-token' ? token : undefined);
    return authenticator.authenticate({ get, originalUrl: '/' });
  };
  return { show, lines };
}

const JOE = { userId: 'joe', projectId: 'p1', roles: ['member', 'reader'], isAdmin: false };
const asks = (what: string) => keystone.asked.filter((each) => each === what).length;

function clock() {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
}

describe('with Keystone', () => {
  it('who asks is whom Keystone gave the token to, and his roles are those of the token', async () => {
    const { show } = door();
    expect(await show('hidden-joe')).toEqual(JOE);
    expect(await show('hidden-root')).toEqual({
      userId: 'root',
      projectId: 'p0',
      roles: ['admin'],
      isAdmin: true,
    });
    const user = { name: 'novanet', domain: { id: 'default' }, password: PASSWORD };
    expect(keystone.bodies).toEqual([
      {
        auth: {
          identity: { methods: ['password'], password: { user } },
          scope: { project: { name: 'service', domain: { id: 'default' } } },
        },
      },
    ]);
  });

  it.each([
    { name: 'no token', token: undefined },
    { name: 'an empty token', token: '' },
    { name: 'a token that Keystone does not know', token: 'hidden-nobody' },
    { name: 'a token that has ended', token: 'hidden-old' },
    { name: 'a token for no project', token: 'hidden-unscoped', message: /^The token is for no project/ },
  ])('$name is 401, with the way to Keystone', async ({ token, message = /requires authentication/ }) => {
    keystone.tokens.set('hidden-old', { ...tokenOf('joe', 'p1'), expires_at: '2001-01-01T00:00:00Z' });
    keystone.tokens.set('hidden-unscoped', tokenOf('joe', null));
    expect(await door().show(token)).toEqual({
      status: 401,
      message: expect.stringMatching(message),
      headers: { 'WWW-Authenticate': `Keystone uri="${keystone.url}"` },
    });
  });

  it('clients are told of the address that is theirs', async () => {
    const { show } = door({ keystone_authenticate_uri: 'https://keystone.example.org/v3' });
    expect(await show()).toMatchObject({
      headers: { 'WWW-Authenticate': 'Keystone uri="https://keystone.example.org/v3"' },
    });
  });

  it('who is administrator of one domain is none of the cloud', async () => {
    const domain = { id: 'd1', name: 'one' };
    keystone.tokens.set('hidden-domain', { ...tokenOf('dora', null, 'admin'), domain });
    expect(await door().show('hidden-domain')).toMatchObject({ status: 401 });
  });

  it('who guesses does not flood Keystone, nor make it be asked again for good tokens', async () => {
    const { show } = door();
    await show('hidden-joe');
    const guesses = Array.from({ length: 300 }, (_, number) => show(`guess-${number}`));
    const answers = (await Promise.all(guesses)).map((answer) => ('status' in answer ? answer.status : 200));
    expect(new Set(answers)).toEqual(new Set([401, 503]));
    expect(answers.filter((status) => status === 401)).toHaveLength(200);
    await show('hidden-joe');
    expect(asks('GET hidden-joe')).toBe(1);
  });

  it('an administrator needs no project', async () => {
    keystone.tokens.set('hidden-system', tokenOf('root', null, 'admin'));
    expect(await door().show('hidden-system')).toMatchObject({ projectId: null, isAdmin: true });
  });

  it('its address is understood with every version at its end', async () => {
    for (const end of ['/', '/v3', '/v3/', '/v2.0']) {
      expect(await door({ keystone_url: keystone.url + end }).show('hidden-joe')).toEqual(JOE);
    }
  });
});

describe('what Keystone said of a token', () => {
  it('is asked for once, however many show it', async () => {
    const { show } = door();
    const all = await Promise.all(Array.from({ length: 20 }, () => show('hidden-joe')));
    expect(new Set(all.map((each) => JSON.stringify(each)))).toEqual(new Set([JSON.stringify(JOE)]));
    await show('hidden-joe');
    expect(keystone.asked).toEqual(['POST', 'GET hidden-joe']);
  });

  it.each([
    { cacheTime: '300', life: 3600, times: [299, 301], asked: [1, 2] },
    { cacheTime: '300', life: 60, times: [55, 62], asked: [1, 2] },
    { cacheTime: '-1', life: 60, times: [0, 1], asked: [2, 3] },
  ])(
    'is remembered for token_cache_time ($cacheTime), not beyond its end (in $life s)',
    async ({ cacheTime, life, times, asked }) => {
      clock();
      const expiresAt = new Date(Date.now() + life * 1000).toISOString();
      keystone.tokens.set('hidden-joe', { ...tokenOf('joe', 'p1'), expires_at: expiresAt });
      const { show } = door({ keystone_token_cache_time: cacheTime });
      const begin = performance.now();
      await show('hidden-joe');
      const counts: number[] = [];
      for (const time of times) {
        vi.advanceTimersByTime(begin + time * 1000 - performance.now());
        await show('hidden-joe');
        counts.push(asks('GET hidden-joe'));
      }
      expect(counts).toEqual(asked);
    },
  );

  it('is reckoned with Keystone’s clock', async () => {
    const headers = { Date: 'Mon, 01 Jan 2001 00:00:00 GMT' };
    const body = { token: { ...tokenOf('joe', 'p1'), expires_at: '2001-01-01T00:01:00Z' } };
    keystone.instead = (method) => (method === 'GET' ? { status: 200, headers, body } : undefined);
    expect(await door().show('hidden-joe')).toMatchObject({ userId: 'joe' });
  });

  it('holds for a token that is not good as well, for a short while', async () => {
    clock();
    const { show } = door();
    await show('hidden-new');
    keystone.tokens.set('hidden-new', tokenOf('joe', 'p1'));
    expect(await show('hidden-new')).toMatchObject({ status: 401 });
    vi.advanceTimersByTime(10_001);
    expect(await show('hidden-new')).toMatchObject({ userId: 'joe' });
  });

  it('holds while Keystone is away', async () => {
    const { show } = door();
    await show('hidden-joe');
    keystone.instead = () => ({ status: 503 });
    expect(await show('hidden-joe')).toEqual(JOE);
    expect(await show('hidden-root')).toMatchObject({ status: 503 });
  });
});

describe('our own token', () => {
  it('is got anew when Keystone does not accept it', async () => {
    const { show } = door();
    await show('hidden-joe');
    keystone.revoked.add('hidden-own-1');
    expect(await show('hidden-root')).toMatchObject({ userId: 'root' });
    expect(keystone.asked).toEqual(['POST', 'GET hidden-joe', 'GET hidden-root', 'POST', 'GET hidden-root']);
  });

  it('is got anew once: then Keystone is at fault, not who asks', async () => {
    keystone.revoked.add('hidden-own-1').add('hidden-own-2');
    expect(await door().show('hidden-joe')).toMatchObject({ status: 503 });
    expect(keystone.asked).toEqual(['POST', 'GET hidden-joe', 'POST', 'GET hidden-joe']);
  });

  it('is not asked for again and again with a password that is wrong', async () => {
    clock();
    keystone.instead = () => ({ status: 401 });
    const { show } = door({ keystone_max_retries: '3' });
    expect([await show('a'), await show('b')]).toMatchObject([{ status: 503 }, { status: 503 }]);
    expect(keystone.asked).toEqual(['POST']);
    keystone.instead = () => undefined;
    vi.advanceTimersByTime(10_001);
    expect(await show('hidden-joe')).toEqual(JOE);
  });
});

describe('Keystone that', () => {
  const onGet = (reply: { status: number; body?: unknown } | null) => (method: string) =>
    method === 'GET' ? reply : undefined;

  it.each([
    { name: 'fails', instead: onGet({ status: 500 }), reason: 'it answered 500' },
    { name: 'is overloaded', instead: onGet({ status: 429 }), reason: 'it answered 429' },
    { name: 'lets us ask nothing', instead: onGet({ status: 403 }), reason: 'it answered 403' },
    { name: 'is silent', instead: onGet(null), reason: 'no answer within 1000 ms' },
    { name: 'says no JSON', instead: onGet({ status: 200, body: '<html>' }), reason: 'no JSON' },
    { name: 'says nothing', instead: onGet({ status: 200 }), reason: 'how long the token is good' },
    {
      name: 'does not say whose the token is',
      instead: onGet({ status: 200, body: { token: { expires_at: '2099-01-01T00:00:00Z' } } }),
      reason: 'whose token it is',
    },
    { name: 'has another account', instead: () => ({ status: 401 }), reason: 'it answered 401' },
    { name: 'is elsewhere', instead: () => ({ status: 404 }), reason: 'gives no token: it answered 404' },
  ])('$name is 503, never 401, and the log says why', async ({ instead, reason }) => {
    keystone.instead = instead;
    const { show, lines } = door();
    expect(await show('hidden-joe')).toEqual({
      status: 503,
      message: 'The Keystone service is temporarily unavailable.',
      headers: { 'Retry-After': '10' },
    });
    expect(lines.join()).toContain(reason);
    expect(lines.join()).not.toContain('hidden');
  });

  it('cannot be reached is 503', async () => {
    const { show, lines } = door({ keystone_url: 'http://127.0.0.1:1' });
    expect(await show('hidden-joe')).toMatchObject({ status: 503 });
    expect(lines.join()).toContain('ECONNREFUSED');
  });

  it('fails for a moment is asked again', async () => {
    const failures = [{ status: 503 }, { status: 502 }];
    keystone.instead = (method) => (method === 'GET' ? failures.shift() : undefined);
    expect(await door({ keystone_max_retries: '2' }).show('hidden-joe')).toEqual(JOE);
    expect(asks('GET hidden-joe')).toBe(3);
  });
});
