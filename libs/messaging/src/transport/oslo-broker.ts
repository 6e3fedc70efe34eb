import { parseHostName } from '@novanet/net-address';

import type { RpcLog } from '../rpc-log.js';
import { controlExchange, type ExchangeShape } from '../topology/shapes.js';
import { resolveTopology, type Topology, type TopologyOptions } from '../topology/topology-options.js';
import { BrokerLink } from './broker-link.js';
import { Publisher } from './publisher.js';
import { parseTransportUrl } from './transport-url.js';

export interface OsloBrokerOptions {
  /** rabbit://user:password@host:port,…/vhost?option=value, or amqp(s)://. */
  readonly transportUrl: string;
  /** Who we are, in the broker's list of connections: "network-worker". */
  readonly serviceName: string;
  /** The option control_exchange; default `nova`. */
  readonly controlExchange?: string;
  readonly topology?: TopologyOptions;
  readonly log: RpcLog;
}

const heartbeatSeconds = 30;
const drainMs = 250;

/**
 * The two connections of a process to the broker, for its server and its client together: one consumes, one
 * publishes, because a broker short of memory stops reading from those that publish. They are opened by the
 * first user and closed by the last.
 */
export class OsloBroker {
  readonly consuming: BrokerLink;
  readonly publishing: BrokerLink;
  readonly publisher: Publisher;
  readonly topology: Topology;
  readonly exchange: ExchangeShape;
  readonly log: RpcLog;
  private users = 0;

  /** Throws InvalidTransportUrl, or InvalidAddressText for a control exchange that is no name. */
  constructor(options: OsloBrokerOptions) {
    const { transportUrl, serviceName, log } = options;
    const url = parseTransportUrl(transportUrl);
    if (url.unknownOptions.length > 0)
      log.warn({ options: url.unknownOptions }, 'transport_url option not known');
    const link = (purpose: string) =>
      new BrokerLink({
        url,
        name: `${serviceName}:${process.pid}:${purpose}`,
        heartbeatSeconds: Math.min(url.heartbeatSeconds ?? heartbeatSeconds, heartbeatSeconds),
        log,
      });
    this.log = log;
    this.topology = resolveTopology({ ...options.topology, ...url.topology });
    this.exchange = controlExchange(this.topology, parseHostName(options.controlExchange ?? 'nova'));
    this.consuming = link('consume');
    this.publishing = link('publish');
    this.publisher = new Publisher(this.publishing, log);
  }

  /** Begins to connect; waits for no broker. Each call is to be answered by one of release(). */
  async open(): Promise<void> {
    this.users += 1;
    if (this.users > 1) return;
    await Promise.all([this.consuming.open(), this.publishing.open()]);
    // The publisher is waited for where something is published.
    this.publishing.join(this.publisher).catch(() => undefined);
  }

  async release(): Promise<void> {
    this.users -= 1;
    if (this.users > 0) return;
    await this.publisher.drain(drainMs);
    this.publisher.close();
    await Promise.all([this.consuming.close(), this.publishing.close()]);
  }

  /** Both connections stand, and all queues and channels with them. */
  get isConnected(): boolean {
    return this.consuming.isReady && this.publishing.isReady;
  }
}
