import { ConfigurationError, type Settings } from '@novanet/config';

/** Refuses settings with which instances could read what belongs to others. Throws ConfigurationError. */
export function checkMetadataSettings(settings: Settings): Settings {
  const problems: string[] = [];
  if (settings.serviceMetadataProxy && settings.metadataProxySharedSecret === null) {
    problems.push(
      '[neutron] service_metadata_proxy is on and [neutron] metadata_proxy_shared_secret is empty: anybody could sign for ' +
        'any instance. Set the secret that the proxy signs with',
    );
  }
  if (settings.useForwardedFor && settings.metadataTrustedProxies.length === 0) {
    problems.push(
      '[api] use_forwarded_for is on and metadata_trusted_proxies is empty: any instance could say that it is another. Name ' +
        'the addresses of the proxies',
    );
  }
  if (settings.metadataUpstreamUrl !== null && settings.metadataUpstreamSecret === null) {
    problems.push(
      'metadata_upstream_url is set and metadata_upstream_secret is empty: set the metadata_proxy_shared_secret of the ' +
        'compute service that is asked',
    );
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return settings;
}
