import { readFileSync } from 'node:fs';
import { ConfigurationError, type Settings } from '@novanet/config';
import { ServiceToken, TokenCheck } from '@novanet/keystone';
import type { Logger } from '@novanet/observability';
import type { PolicyBook } from '../policy/policy-book.js';
import type { Authenticator } from './authenticator.js';
import { KeystoneAuth } from './keystone-auth.js';
import { NoAuth } from './no-auth.js';
import { StaticTokens } from './static-tokens.js';

const WAY_OUT = 'auth_strategy = noauth2 lets everybody in, for development';

/** The way to know who asks that `auth_strategy` names. Throws ConfigurationError. */
export function chooseAuthenticator(settings: Settings, policies: PolicyBook, log: Logger): Authenticator {
  const isAdmin = (roles: readonly string[]) => policies.isAdmin(roles);
  switch (settings.authStrategy) {
    case 'noauth2':
      log.warn('auth_strategy is noauth2: everybody may do everything');
      return new NoAuth();
    case 'tokens':
      if (settings.tokensFile === null) {
        throw new ConfigurationError([`auth_strategy = tokens needs [api] tokens_file; ${WAY_OUT}`]);
      }
      return new StaticTokens({ path: settings.tokensFile, isAdmin, log });
    case 'keystone':
    default:
      return keystoneAuth(settings, isAdmin, log);
  }
}

function keystoneAuth(
  settings: Settings,
  isAdmin: (roles: readonly string[]) => boolean,
  log: Logger,
): Authenticator {
  const { keystoneUrl: authUrl, keystonePassword: password } = settings;
  const hasUser = settings.keystoneUsername !== null || settings.keystoneUserId !== null;
  if (authUrl === null || password === null || !hasUser) {
    const missing = [
      ...(authUrl === null ? ['auth_url'] : []),
      ...(hasUser ? [] : ['username']),
      ...(password === null ? ['password'] : []),
    ].join(', ');
    throw new ConfigurationError([
      `auth_strategy = keystone (the default) needs ${missing} in [keystone_authtoken]; ${WAY_OUT}`,
    ]);
  }
  const limits = {
    timeoutMs: settings.keystoneConnectTimeout * 1000,
    ca: certificates(settings.keystoneCafile),
    isInsecure: settings.keystoneInsecure,
  };
  const serviceToken = new ServiceToken({ ...accountOf(settings), authUrl, password }, limits);
  const tokens = new TokenCheck({
    ...limits,
    authUrl,
    serviceToken,
    memoryMs: settings.keystoneTokenCacheTime * 1000,
    retries: settings.keystoneMaxRetries,
  });
  return new KeystoneAuth({
    tokens,
    isAdmin,
    log,
    authenticateUri: settings.keystoneAuthenticateUri ?? authUrl,
  });
}

function accountOf(settings: Settings) {
  const user = {
    id: settings.keystoneUserId,
    name: settings.keystoneUsername,
    domain: { id: settings.keystoneUserDomainId, name: settings.keystoneUserDomainName },
  };
  const project = {
    id: settings.keystoneProjectId,
    name: settings.keystoneProjectName,
    domain: { id: settings.keystoneProjectDomainId, name: settings.keystoneProjectDomainName },
  };
  return { user, project };
}

function certificates(path: string | null): string | undefined {
  if (path === null) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError([`[keystone_authtoken] cafile cannot be read: ${reason}`]);
  }
}
