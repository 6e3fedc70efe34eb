import { formerly, option, type Option, type OptionType } from '../option.js';
import {
  absolutePath,
  boolean,
  choice,
  integer,
  ip,
  ipv4,
  list,
  optional,
  port,
  secondsOrNone,
  secret,
} from '../option-types.js';
import { vendordataTarget } from '../url-types.js';

/** What the metadata service tells instances, and whom it believes. */
export const metadataOptions = {
  metadataHost: option('metadata_host', ipv4, '$my_ip', 'Where requests to 169.254.169.254 are sent.'),
  metadataPort: option('metadata_port', port, '8775', 'Port on metadata_host.'),
  metadataListen: option('metadata_listen', ip, '0.0.0.0', 'Address the metadata service listens on.'),
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
};

/** nova had these in [DEFAULT] first. */
function inApi<T>(name: string, type: OptionType<T>, defaultValue: string, help: string): Option<T> {
  return option(`[api] ${name}`, type, defaultValue, help, formerly(name));
}
