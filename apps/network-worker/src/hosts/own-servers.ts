import type { Settings } from '@novanet/config';
import type { Endpoint } from '@novanet/linux-net';
import { parseTransportUrl } from '@novanet/messaging';
import { parseDatabaseUrl } from '@novanet/persistence';

/** The servers without which a worker does nothing: its host must not cut itself off from them. */
export function ownServers({
  transportUrl,
  databaseConnection,
}: Pick<Settings, 'transportUrl' | 'databaseConnection'>): Endpoint[] {
  const { host, port, socketPath } = parseDatabaseUrl(databaseConnection);
  return [
    ...parseTransportUrl(transportUrl).hosts.map(({ hostname, port: brokerPort }) => ({
      what: 'broker',
      host: hostname,
      port: brokerPort,
    })),
    ...(socketPath === undefined ? [{ what: 'database', host, port }] : []),
  ];
}
