import { createLogger } from '@novanet/observability';
import { describe, expect, it } from 'vitest';
import { PolicyBook } from '../policy/policy-book.js';
import { settingsWith } from '../testing/settings-with.js';
import { chooseAuthenticator } from './choose-authenticator.js';
import { KeystoneAuth } from './keystone-auth.js';
import { NoAuth } from './no-auth.js';

const choose = (options: Readonly<Record<string, string>>) =>
  chooseAuthenticator(settingsWith(options), new PolicyBook(), createLogger('test', 'fatal'));
const ACCOUNT = { keystone_url: 'http://k:5000', keystone_username: 'novanet', keystone_password: 'x' };
const WAY_OUT = 'auth_strategy = noauth2 lets everybody in, for development';

describe('auth_strategy', () => {
  it('is keystone unless set', () => {
    expect(choose(ACCOUNT)).toBeInstanceOf(KeystoneAuth);
    expect(choose({ auth_strategy: 'noauth2' })).toBeInstanceOf(NoAuth);
    expect(choose({ auth_strategy: 'noauth' })).toBeInstanceOf(NoAuth);
  });

  it.each([
    { options: {}, missing: 'auth_url, username, password' },
    { options: { ...ACCOUNT, keystone_password: '' }, missing: 'password' },
    { options: { ...ACCOUNT, keystone_username: '', keystone_user_id: '' }, missing: 'username' },
  ])('keystone needs $missing', ({ options, missing }) => {
    expect(() => choose(options)).toThrow(
      `auth_strategy = keystone (the default) needs ${missing} in [keystone_authtoken]; ${WAY_OUT}`,
    );
  });

  it('tokens needs a file', () => {
    expect(() => choose({ auth_strategy: 'tokens' })).toThrow(
      `auth_strategy = tokens needs [api] tokens_file; ${WAY_OUT}`,
    );
  });

  it('keystone needs the certificates that it names', () => {
    expect(() => choose({ ...ACCOUNT, keystone_cafile: '/nowhere/ca.pem' })).toThrow(
      /^\[keystone_authtoken\] cafile cannot be read: ENOENT/,
    );
  });
});
