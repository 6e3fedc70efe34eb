import { ConfigurationError, loadSettings } from '@novanet/config';
import { expect, it } from 'vitest';
import { checkMetadataSettings } from './settings-check.js';

const settingsWith = (env: Record<string, string>) => loadSettings({ argv: [], env, warn: () => {} });

it.each([
  {
    env: { NOVANET_SERVICE_METADATA_PROXY: 'true' },
    problem: /metadata_proxy_shared_secret is empty.*Set the secret/,
  },
  {
    env: { NOVANET_USE_FORWARDED_FOR: 'true' },
    problem: /metadata_trusted_proxies is empty.*Name the addresses/,
  },
  {
    env: { NOVANET_METADATA_UPSTREAM_URL: 'http://192.0.2.1:8775' },
    problem: /metadata_upstream_secret is empty/,
  },
])('settings by which anybody could be anybody are refused: $env', ({ env, problem }) => {
  const check = () => checkMetadataSettings(settingsWith(env));
  expect(check).toThrow(ConfigurationError);
  expect(check).toThrow(problem);
});

const auth = (values: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`NOVANET_VENDORDATA_AUTH_${name}`, value]),
  );
const targets = { NOVANET_VENDORDATA_PROVIDERS: 'DynamicJSON' };
const URL_OF_KEYSTONE = 'http://192.0.2.1:5000/v3';

it.each([
  {
    env: auth({ URL: URL_OF_KEYSTONE }),
    problem: /has no username \(or user_id\) and no password: .*Set auth_url/,
  },
  {
    env: auth({ URL: URL_OF_KEYSTONE, USERNAME: 'nova' }),
    problem: /\[vendordata_dynamic_auth\] has no password/,
  },
  {
    env: auth({ USER_ID: 'u1', PASSWORD: 'hidden' }),
    problem: /\[vendordata_dynamic_auth\] has no auth_url/,
  },
  {
    env: auth({ CAFILE: '/nowhere' }),
    problem: /\[vendordata_dynamic_auth\] cafile .*\/nowhere.*Name a file/,
  },
  {
    env: { NOVANET_VENDORDATA_DYNAMIC_SSL_CERTFILE: '/nowhere' },
    problem: /\[api\] vendordata_dynamic_ssl_certfile .*\/nowhere.*Name a file/,
  },
])('settings by which targets of vendor data could not be asked are refused: $env', ({ env, problem }) => {
  const check = () => checkMetadataSettings(settingsWith({ ...targets, ...env }));
  expect(check).toThrow(ConfigurationError);
  expect(check).toThrow(problem);
  expect(check).not.toThrow(/hidden/);
  expect(() => checkMetadataSettings(settingsWith(env))).not.toThrow();
});

it.each([
  {},
  { ...targets, ...auth({ URL: URL_OF_KEYSTONE, USERNAME: 'nova', PASSWORD: 's' }) },
  { ...targets, ...auth({ URL: URL_OF_KEYSTONE, USER_ID: 'u1', PASSWORD: 's' }) },
  { NOVANET_SERVICE_METADATA_PROXY: 'true', NOVANET_METADATA_PROXY_SHARED_SECRET: 's' },
  { NOVANET_USE_FORWARDED_FOR: 'true', NOVANET_METADATA_TRUSTED_PROXIES: '192.0.2.0/24,fd00::/64' },
  { NOVANET_METADATA_UPSTREAM_URL: 'http://192.0.2.1:8775', NOVANET_METADATA_UPSTREAM_SECRET: 's' },
])('settings are as good as %j', (env) => {
  const settings = settingsWith(env);
  expect(checkMetadataSettings(settings)).toBe(settings);
});
