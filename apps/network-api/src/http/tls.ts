import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { ConfigurationError, type Settings } from '@novanet/config';

/** What HTTPS is spoken with. */
export interface TlsOptions {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Authorities of the certificates that clients have to show. */
  readonly ca?: Buffer;
  readonly requestCert: boolean;
}

/** Undefined: plain HTTP is spoken. Throws ConfigurationError. */
export function readTls(settings: Settings): TlsOptions | undefined {
  if (!settings.enabledSslApis.includes('osapi_compute')) return undefined;
  const { sslCertFile, sslKeyFile, sslCaFile } = settings;
  if (sslCertFile === null || sslKeyFile === null) {
    throw new ConfigurationError(['enabled_ssl_apis needs [ssl] cert_file and key_file']);
  }
  try {
    const pair = { cert: readFileSync(sslCertFile), key: readFileSync(sslKeyFile) };
    const ca = sslCaFile === null ? {} : { ca: readFileSync(sslCaFile) };
    createSecureContext({ ...pair, ...ca });
    return { ...pair, ...ca, requestCert: sslCaFile !== null };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError([`[ssl] cert_file, key_file or ca_file is no use: ${reason}`]);
  }
}
