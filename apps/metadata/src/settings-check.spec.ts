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

it.each([
  {},
  { NOVANET_SERVICE_METADATA_PROXY: 'true', NOVANET_METADATA_PROXY_SHARED_SECRET: 's' },
  { NOVANET_USE_FORWARDED_FOR: 'true', NOVANET_METADATA_TRUSTED_PROXIES: '192.0.2.0/24,fd00::/64' },
  { NOVANET_METADATA_UPSTREAM_URL: 'http://192.0.2.1:8775', NOVANET_METADATA_UPSTREAM_SECRET: 's' },
])('settings are as good as %j', (env) => {
  const settings = settingsWith(env);
  expect(checkMetadataSettings(settings)).toBe(settings);
});
