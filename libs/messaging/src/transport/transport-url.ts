import type { TopologyOptions } from '../topology/topology-options.js';
import { parseUrlOptions } from './url-options.js';

export interface BrokerAddress {
  readonly hostname: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

/** Files that TLS takes its certificates from. Without a file of authorities the system's are trusted. */
export interface TlsFiles {
  readonly authorities?: string;
  readonly certificate?: string;
  readonly key?: string;
}

/** Where the brokers are, any of which will do. */
export interface TransportUrl {
  readonly hosts: readonly [BrokerAddress, ...BrokerAddress[]];
  readonly virtualHost: string;
  /** Undefined: not encrypted. */
  readonly tls: TlsFiles | undefined;
  readonly heartbeatSeconds: number | undefined;
  readonly topology: TopologyOptions;
  /** Options in the URL that nothing here heeds. */
  readonly unknownOptions: readonly string[];
}

/** The text cannot be a transport_url. The text itself is not repeated: it holds a password. */
export class InvalidTransportUrl extends Error {
  constructor(problem: string) {
    super(
      `transport_url: ${problem}; expected rabbit://user:password@host:5672[,user:password@host2:5672]/vhost`,
    );
    this.name = 'InvalidTransportUrl';
  }
}

const schemes = new Set(['rabbit', 'kombu', 'amqp', 'amqps']);

/**
 * Reads oslo.messaging's rabbit://u:p@h1:5672,u2:p2@h2:5673/vhost?option=value, and amqp:// and amqps:// in the
 * same form. Options after the question mark override those of [oslo_messaging_rabbit]. Throws InvalidTransportUrl.
 */
export function parseTransportUrl(text: string): TransportUrl {
  const parts = /^([a-z+]+):\/\/([^/?]*)(\/[^?]*)?(?:\?(.*))?$/s.exec(text.trim());
  if (!parts) throw new InvalidTransportUrl('it is not a URL');
  const [, scheme = '', hostList = '', path = '', query = ''] = parts;
  if (!schemes.has(scheme))
    throw new InvalidTransportUrl(`scheme "${scheme}" is none of ${[...schemes].join(', ')}`);
  const { isEncrypted, ...options } = parseUrlOptions(query);
  const defaultPort = scheme === 'amqps' ? 5671 : 5672;
  const [first = '', ...others] = hostList.split(',');
  return {
    hosts: [parseHost(first, defaultPort), ...others.map((host) => parseHost(host, defaultPort))],
    virtualHost: decode(path.slice(1)) || '/',
    ...options,
    tls: scheme === 'amqps' || isEncrypted ? options.tls : undefined,
  };
}

function parseHost(text: string, defaultPort: number): BrokerAddress {
  const at = text.lastIndexOf('@');
  const place = text.slice(at + 1);
  const [, bracketed, name, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(place) ?? [];
  const hostname = bracketed ?? name;
  if (hostname === undefined) throw new InvalidTransportUrl(`"${place}" is not a host and a port`);
  const [username = '', ...passwordParts] = at < 0 ? ['guest', 'guest'] : text.slice(0, at).split(':');
  return {
    hostname: decode(hostname) || 'localhost',
    port: port === undefined ? defaultPort : parsePort(port),
    username: decode(username),
    password: decode(passwordParts.join(':')),
  };
}

function parsePort(text: string): number {
  const port = Number(text);
  if (port < 1 || port > 65_535) throw new InvalidTransportUrl(`${text} is not a port`);
  return port;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new InvalidTransportUrl('a percent sign in it is not followed by two hex digits; write %25 for it');
  }
}
