import type { TopologyOptions } from '../topology/topology-options.js';
import type { TlsFiles } from './transport-url.js';

interface UrlOptions {
  readonly isEncrypted: boolean;
  readonly tls: TlsFiles;
  readonly heartbeatSeconds: number | undefined;
  readonly topology: TopologyOptions;
  readonly unknownOptions: readonly string[];
}

const flags = {
  amqp_durable_queues: 'amqpDurableQueues',
  amqp_auto_delete: 'amqpAutoDelete',
  rabbit_ha_queues: 'rabbitHaQueues',
  rabbit_quorum_queue: 'rabbitQuorumQueue',
  rabbit_transient_quorum_queue: 'rabbitTransientQuorumQueue',
} as const;
const numbers = ['rabbit_transient_queues_ttl', 'heartbeat_timeout_threshold'] as const;
const files = { ssl_ca_file: 'authorities', ssl_cert_file: 'certificate', ssl_key_file: 'key' } as const;
const known = new Set<string>(['ssl', ...Object.keys(flags), ...numbers, ...Object.keys(files)]);

/** The options after the question mark of a transport URL, by oslo.messaging's names. */
export function parseUrlOptions(query: string): UrlOptions {
  const given = new Map(new URLSearchParams(query));
  const [ttl, heartbeatSeconds] = numbers.map((name) => parseNumber(given.get(name)));
  return {
    isEncrypted: isTrue(given.get('ssl')),
    tls: pick(given, files, (value) => value),
    heartbeatSeconds,
    topology: { ...pick(given, flags, isTrue), ...(ttl !== undefined && { rabbitTransientQueuesTtl: ttl }) },
    unknownOptions: [...given.keys()].filter((name) => !known.has(name)),
  };
}

function pick<Key extends string, Value>(
  given: ReadonlyMap<string, string>,
  names: Readonly<Record<string, Key>>,
  read: (value: string) => Value,
): Partial<Record<Key, Value>> {
  const found: Partial<Record<Key, Value>> = {};
  for (const [name, key] of Object.entries(names)) {
    const value = given.get(name);
    if (value !== undefined) found[key] = read(value);
  }
  return found;
}

function isTrue(value: string | undefined): boolean {
  return /^(true|1|yes|on)$/i.test(value ?? '');
}

function parseNumber(value: string | undefined): number | undefined {
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
}
