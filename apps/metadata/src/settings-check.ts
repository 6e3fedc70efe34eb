import { readFileSync } from 'node:fs';
import { ConfigurationError, type Settings } from '@novanet/config';

/** Refuses settings by which instances could read what belongs to others, or vendor data could not be asked for. Throws ConfigurationError. */
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
  if (settings.vendordataProviders.includes('DynamicJSON')) {
    problems.push(...accountProblems(settings), ...certificateProblems(settings));
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return settings;
}

/** Targets that should know who asks would be asked in vain, or in nobody's name. */
function accountProblems(settings: Settings): readonly string[] {
  const needed = Object.entries({
    auth_url: settings.vendordataAuthUrl,
    'username (or user_id)': settings.vendordataAuthUsername ?? settings.vendordataAuthUserId,
    password: settings.vendordataAuthPassword,
  });
  const missing = needed.filter(([, value]) => value === null).map(([name]) => name);
  if (missing.length === 0 || missing.length === needed.length) return [];
  return [
    `[vendordata_dynamic_auth] has no ${missing.join(' and no ')}: Keystone would give no token. Set auth_url, username and ` +
      'password; or none of them, and targets are asked without a token',
  ];
}

function certificateProblems(settings: Settings): readonly string[] {
  const files = Object.entries({
    '[api] vendordata_dynamic_ssl_certfile': settings.vendordataDynamicSslCertfile,
    '[vendordata_dynamic_auth] cafile': settings.vendordataAuthCafile,
  });
  return files.flatMap(([option, path]) => {
    try {
      if (path !== null) readFileSync(path);
      return [];
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return [
        `${option} cannot be read (${reason}). Name a file of certificates in PEM, or none for the system's`,
      ];
    }
  });
}
