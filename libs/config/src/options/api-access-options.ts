import { formerly, option } from '../option.js';
import {
  absolutePath,
  filePath,
  implementation,
  integer,
  label,
  list,
  optional,
  seconds,
} from '../option-types.js';
import { httpUrl } from '../url-types.js';
import { keystoneAccount } from './keystone-account.js';

/** Who may use the REST interface, and how much. */
export const apiAccessOptions = {
  authStrategy: option(
    '[api] auth_strategy',
    implementation(['keystone'], ['noauth2', 'noauth'], ['tokens']),
    'keystone',
    'How the REST interface knows who asks: by tokens of Keystone, by those of tokens_file, or (for development) by what everybody says of himself. nova has no tokens.',
    formerly('auth_strategy'),
  ),
  tokensFile: option(
    '[api] tokens_file',
    optional(absolutePath),
    '',
    'The tokens of auth_strategy = tokens, and whose they are: YAML or JSON, read again when it changes. nova has no such option.',
  ),
  policyFile: option(
    '[oslo_policy] policy_file',
    filePath,
    'policy.yaml',
    'Rules that differ from the usual ones: YAML or JSON, looked for beside the configuration files. The usual name may be missing.',
    formerly('policy_file'),
  ),
  maxRequestBodySize: option(
    '[oslo_middleware] max_request_body_size',
    integer({ min: 1, max: 1 << 30 }, 'number of bytes'),
    '114688',
    'The longest body of a request to the REST interface.',
    formerly('max_request_body_size', 'osapi_max_request_body_size'),
  ),
  projectRateLimit: option(
    '[api] project_rate_limit',
    integer({ min: 0, max: 1_000_000 }, 'number of requests a second'),
    '0',
    'Requests a second that a project may make to each REST interface in the long run, ten times as many at once; 0: any number. nova has no such option.',
  ),
  enabledSslApis: option(
    'enabled_ssl_apis',
    list(label),
    '',
    'Services that speak HTTPS alone: osapi_compute, the REST interface.',
    formerly('[wsgi] enabled_ssl_apis'),
  ),
  sslCertFile: option(
    '[ssl] cert_file',
    optional(absolutePath),
    '',
    'The certificate shown with enabled_ssl_apis, and those between it and its authority, in PEM.',
    formerly('ssl_cert_file', '[wsgi] ssl_cert_file'),
  ),
  sslKeyFile: option(
    '[ssl] key_file',
    optional(absolutePath),
    '',
    'Its private key, in PEM.',
    formerly('ssl_key_file', '[wsgi] ssl_key_file'),
  ),
  sslCaFile: option(
    '[ssl] ca_file',
    optional(absolutePath),
    '',
    'Authorities whose certificates clients have to show. Empty: clients need none.',
    formerly('ssl_ca_file', '[wsgi] ssl_ca_file'),
  ),
};

const account = keystoneAccount(
  'keystone_authtoken',
  'Keystone, which says whose token a request has. Must be set with auth_strategy = keystone.',
);

/** Keystone as keystonemiddleware names it. */
export const keystoneOptions = {
  keystoneUrl: account.authUrl,
  keystoneAuthenticateUri: option(
    '[keystone_authtoken] www_authenticate_uri',
    optional(httpUrl),
    '',
    'Where clients find Keystone: told to those who have no token. Empty: auth_url.',
    formerly('[keystone_authtoken] auth_uri'),
  ),
  keystoneUsername: account.username,
  keystoneUserId: account.userId,
  keystonePassword: account.password,
  keystoneUserDomainName: account.userDomainName,
  keystoneUserDomainId: account.userDomainId,
  keystoneProjectName: account.projectName,
  keystoneProjectId: account.projectId,
  keystoneProjectDomainName: account.projectDomainName,
  keystoneProjectDomainId: account.projectDomainId,
  keystoneCafile: account.cafile,
  keystoneInsecure: account.insecure,
  keystoneTokenCacheTime: option(
    '[keystone_authtoken] token_cache_time',
    integer({ min: -1, max: 2_147_483 }, 'number of seconds'),
    '300',
    'Seconds for which Keystone is not asked again about a token; -1: it is asked every time.',
  ),
  keystoneConnectTimeout: option(
    '[keystone_authtoken] http_connect_timeout',
    seconds,
    '5',
    'Seconds Keystone may take to answer.',
  ),
  keystoneMaxRetries: option(
    '[keystone_authtoken] http_request_max_retries',
    integer({ min: 0, max: 10 }),
    '3',
    'How often Keystone is asked again when it does not answer: after half a second, and after twice as long each time.',
  ),
};
