import { formerly, option, type Option, type OptionType } from '../option.js';
import {
  absolutePath,
  boolean,
  choice,
  cidr,
  integer,
  ip,
  ipv4,
  list,
  optional,
  port,
  secondsOrNone,
  secret,
} from '../option-types.js';
import { httpUrl, vendordataTarget } from '../url-types.js';

/** What the metadata service tells instances, and whom it believes. */
export const metadataOptions = {
  metadataHost: option('metadata_host', ipv4, '$my_ip', 'Where requests to 169.254.169.254 are sent.'),
  metadataPort: option('metadata_port', port, '8775', 'Port on metadata_host.'),
  metadataListen: option(
    'metadata_listen',
    ip,
    '::',
    'Address the metadata service listens on; ::, on all, of both families.',
  ),
  metadataListenPort: option('metadata_listen_port', port, '8775', 'Port the metadata service listens on.'),
  useForwardedFor: inApi(
    'use_forwarded_for',
    boolean,
    'false',
    'An instance is recognised by the header X-Forwarded-For. Only behind a proxy that sets it itself.',
  ),
  metadataCacheExpiration: inApi(
    'metadata_cache_expiration',
    secondsOrNone,
    '15',
    'Seconds an answer may be repeated before the database is asked again; 0: it is asked every time.',
  ),
  vendordataJsonfilePath: inApi(
    'vendordata_jsonfile_path',
    optional(absolutePath),
    '',
    'JSON file that every instance finds as its vendor data.',
  ),
  vendordataProviders: inApi(
    'vendordata_providers',
    list(choice('StaticJSON', 'DynamicJSON')),
    'StaticJSON',
    'Where vendor data comes from: the file, the targets that are asked, or both.',
  ),
  vendordataDynamicTargets: inApi(
    'vendordata_dynamic_targets',
    list(vendordataTarget),
    '',
    'Services that are asked for the vendor data of an instance.',
  ),
  vendordataDynamicSslCertfile: inApi(
    'vendordata_dynamic_ssl_certfile',
    optional(absolutePath),
    '',
    'Certificates that targets are checked with. Empty: those of the system.',
  ),
  vendordataDynamicConnectTimeout: inApi(
    'vendordata_dynamic_connect_timeout',
    integer({ min: 3, max: 2_147_483 }, 'number of seconds'),
    '5',
    'Seconds a target may take to accept a connection.',
  ),
  vendordataDynamicReadTimeout: inApi(
    'vendordata_dynamic_read_timeout',
    secondsOrNone,
    '5',
    'Seconds a target may take to answer.',
  ),
  vendordataDynamicFailureFatal: inApi(
    'vendordata_dynamic_failure_fatal',
    boolean,
    'false',
    'An instance gets no vendor data at all when a target fails.',
  ),
  serviceMetadataProxy: option(
    '[neutron] service_metadata_proxy',
    boolean,
    'false',
    'A proxy says which instance is asking, in the header X-Instance-ID, and signs it.',
    formerly('service_neutron_metadata_proxy', 'service_quantum_metadata_proxy'),
  ),
  metadataProxySharedSecret: option(
    '[neutron] metadata_proxy_shared_secret',
    optional(secret),
    '',
    'What that proxy signs with.',
    formerly('neutron_metadata_proxy_shared_secret', 'quantum_metadata_proxy_shared_secret'),
  ),
  metadataTrustedProxies: option(
    'metadata_trusted_proxies',
    list(cidr),
    '',
    'Networks of the proxies whose X-Forwarded-For counts with use_forwarded_for. nova believes everybody.',
  ),
  metadataTokens: option(
    'metadata_tokens',
    choice('optional', 'required'),
    'optional',
    "Whether instances have to get a session token first (IMDSv2) for what Amazon's clients read. An instance's own metadata http_tokens goes before it. nova has no such option.",
  ),
  metadataTokensOpenstack: option(
    'metadata_tokens_openstack',
    choice('optional', 'required'),
    'optional',
    "The same for what OpenStack's clients read: none of them knows of tokens. nova has no such option.",
  ),
  metadataTokenSecret: option(
    'metadata_token_secret',
    optional(secret),
    '',
    'What session tokens are sealed with: the same for all metadata services that an instance may reach. Empty: tokens end with the process. nova has no such option.',
  ),
  metadataTokenHopLimit: option(
    'metadata_token_hop_limit',
    integer({ min: 0, max: 64 }),
    '1',
    'Over how many hops a session token gets, counted from the host that leads to the metadata service; 2 for containers inside instances, 0: any number. nova has no such option.',
  ),
  metadataRateLimit: option(
    'metadata_rate_limit',
    integer({ min: 0, max: 1_000_000 }, 'number of requests a second'),
    '50',
    'Requests a second that an instance may make in the long run, ten times as many at once; 0: any number. nova has no such option.',
  ),
  metadataUpstreamUrl: option(
    'metadata_upstream_url',
    optional(httpUrl),
    '',
    "Where a compute service's own metadata service is: it is asked in the name of each instance, and nothing is served from here. nova has no such option.",
  ),
  metadataUpstreamSecret: option(
    'metadata_upstream_secret',
    optional(secret),
    '',
    'Its metadata_proxy_shared_secret. nova has no such option.',
  ),
};

/** nova had these in [DEFAULT] first. */
function inApi<T>(name: string, type: OptionType<T>, defaultValue: string, help: string): Option<T> {
  return option(`[api] ${name}`, type, defaultValue, help, formerly(name));
}
