import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';

import { connect, type ChannelModel, type Options, type RecoveringChannelModel } from 'amqplib';

import type { RpcLog } from '../rpc-log.js';
import { fullJitter, reconnectBackOff } from './back-off.js';
import type { BrokerAddress, TlsFiles, TransportUrl } from './transport-url.js';

export interface ConnectionRequest {
  readonly url: TransportUrl;
  /** What operators see in the broker's list of connections. */
  readonly name: string;
  readonly heartbeatSeconds: number;
  readonly log: RpcLog;
  /** Runs on every new connection before it is used; a failure ends the connection, and the next is tried. */
  setUp(connection: ChannelModel): Promise<void>;
}

const connectTimeoutMs = 10_000;
const keepAliveMs = 30_000;

/**
 * A connection that is made again whenever it is lost, to the next of the hosts. It is returned before there is
 * a broker. This is the only place that connects: without noDelay every call takes 44 ms.
 */
export async function connectToBroker(request: ConnectionRequest): Promise<RecoveringChannelModel> {
  const { url, name, log } = request;
  const hosts = shuffled(url.hosts);
  // amqplib reads this object at each attempt.
  const endpoint: Options.Connect = {
    protocol: url.tls ? 'amqps' : 'amqp',
    vhost: encodeURIComponent(url.virtualHost),
    heartbeat: request.heartbeatSeconds,
  };
  const turnTo = (host: BrokerAddress | undefined) => Object.assign(endpoint, host);
  turnTo(hosts[0]);
  const recovering = await connect(endpoint, {
    noDelay: true,
    keepAlive: true,
    keepAliveDelay: keepAliveMs,
    timeout: connectTimeoutMs,
    clientProperties: { product: 'novanet', connection_name: name },
    ...readTlsFiles(url.tls ?? {}),
    recovery: {
      waitForConnect: false,
      calculateDelay: (attempt) => fullJitter(attempt, reconnectBackOff),
      setup: (connection: ChannelModel) => request.setUp(connection),
    },
  });
  let turn = 0;
  const broker = () => `${endpoint.hostname}:${endpoint.port}`;
  recovering.on('connect', () => log.info({ connection: name, broker: broker() }, 'broker connected'));
  recovering.on('reconnect-scheduled', ({ attempt, delay, error }) => {
    const problem = { connection: name, broker: broker(), attempt, delay_ms: delay, error: error.message };
    log.warn(problem, 'broker not connected, trying again');
    turn = (turn + 1) % hosts.length;
    turnTo(hosts[turn]);
  });
  // What it says comes with 'reconnect-scheduled'; without a listener the process would end.
  recovering.on('error', () => undefined);
  return recovering;
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

/** The broker's certificate and its host name are always verified. */
function readTlsFiles(files: TlsFiles): Pick<ConnectionOptions, 'ca' | 'cert' | 'key'> {
  return {
    ...(files.authorities !== undefined && { ca: readFileSync(files.authorities) }),
    ...(files.certificate !== undefined && { cert: readFileSync(files.certificate) }),
    ...(files.key !== undefined && { key: readFileSync(files.key) }),
  };
}
