import { Duplex } from 'node:stream';

import type { ChannelModel, RecoveringChannelModel } from 'amqplib';

import { RpcClosed } from '../errors.js';
import type { RpcLog } from '../rpc-log.js';
import { rememberFailure } from '../topology/connection-failure.js';
import { TopologyRefused } from '../topology/topology-refused.error.js';
import { fullJitter, reconnectBackOff } from './back-off.js';
import { connectToBroker, type ConnectionRequest } from './connect-to-broker.js';
import { deferred } from './deferred.js';
import { closeLimitMs, within } from './within.js';

/** Something that lives on a connection, and has to be built again on each new one. */
export interface LinkMember {
  /** Declares, opens channels, consumes. Throws TopologyRefused when trying again is of no use. */
  setUp(connection: ChannelModel): Promise<void>;
}

interface Membership {
  readonly joined: PromiseWithResolvers<void>;
  /** The connection on which the last set-up was begun, and the one on which it succeeded. */
  begunOn: ChannelModel | undefined;
  readyOn: ChannelModel | undefined;
  failures: number;
}

/** One connection to the broker, kept alive, with all that lives on it. */
export class BrokerLink {
  private readonly members = new Map<LinkMember, Membership>();
  private recovering: Promise<RecoveringChannelModel> | undefined;
  private connection: ChannelModel | undefined;
  private connections = 0;
  private connectedAt = 0;
  private isClosed = false;

  constructor(private readonly request: Omit<ConnectionRequest, 'setUp'>) {}

  private get log(): RpcLog {
    return this.request.log;
  }

  /** Begins to connect, and does not wait for it. Throws when a file of certificates cannot be read. */
  async open(): Promise<void> {
    this.recovering ??= connectToBroker({
      ...this.request,
      setUp: (connection) => this.setUpAll(connection),
    });
    await this.recovering;
  }

  /**
   * Sets the member up on this connection and on every one that replaces it. Returns after the first time.
   * Throws TopologyRefused, RpcClosed.
   */
  async join(member: LinkMember): Promise<void> {
    if (this.isClosed) throw new RpcClosed();
    const membership: Membership = {
      joined: deferred(),
      begunOn: undefined,
      readyOn: undefined,
      failures: 0,
    };
    this.members.set(member, membership);
    if (this.connection) this.setUpLater(member, 0);
    return membership.joined.promise;
  }

  leave(member: LinkMember): void {
    this.members.get(member)?.joined.reject(new RpcClosed());
    this.members.delete(member);
  }

  /** The member lost its channel. If the connection lives, the member is set up again on it. */
  rejoin(member: LinkMember): void {
    const membership = this.members.get(member);
    if (!membership) return;
    membership.begunOn = undefined;
    membership.readyOn = undefined;
    membership.failures += 1;
    this.setUpLater(member, fullJitter(membership.failures, reconnectBackOff));
  }

  /** Connected, and everything that lives here is in place. */
  get isReady(): boolean {
    const { connection } = this;
    return (
      connection !== undefined && [...this.members.values()].every(({ readyOn }) => readyOn === connection)
    );
  }

  /** Milliseconds since the connection was lost and made again; Infinity if that never happened. */
  get sinceReconnectMs(): number {
    return this.connections > 1 ? performance.now() - this.connectedAt : Infinity;
  }

  /** Does nothing the second time. Takes no longer for a broker that does not answer. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const member of this.members.keys()) this.leave(member);
    const socket = socketOf(this.connection);
    const recovering = await this.recovering?.catch(() => undefined);
    if (recovering && !(await within(recovering.close(), closeLimitMs))) socket?.destroy();
  }

  private async setUpAll(connection: ChannelModel): Promise<void> {
    this.connection = connection;
    rememberFailure(connection);
    connection.on('blocked', (reason) => this.log.warn({ reason }, 'the broker holds publishers back'));
    connection.on('unblocked', () => this.log.info({}, 'the broker takes messages again'));
    connection.once('close', () => {
      if (this.connection === connection) this.connection = undefined;
    });
    for (const member of this.members.keys()) await this.setUpOne(member, connection);
    this.connections += 1;
    this.connectedAt = performance.now();
  }

  private async setUpOne(member: LinkMember, connection: ChannelModel): Promise<void> {
    const membership = this.members.get(member);
    if (!membership || membership.begunOn === connection) return;
    membership.begunOn = connection;
    try {
      await member.setUp(connection);
      membership.readyOn = connection;
      membership.failures = 0;
      membership.joined.resolve();
    } catch (error) {
      if (!(error instanceof TopologyRefused)) throw error;
      this.log.error({ error: error.message }, 'the broker refuses what is needed');
      membership.joined.reject(error);
      throw error;
    }
  }

  private setUpLater(member: LinkMember, delayMs: number): void {
    const { connection } = this;
    const timer = setTimeout(() => {
      if (!connection || connection !== this.connection) return;
      this.setUpOne(member, connection).catch((error: unknown) => {
        this.log.warn({ error: String(error) }, 'channel not set up, trying again');
        this.rejoin(member);
      });
    }, delayMs);
    timer.unref();
  }
}

/** amqplib's own way of closing waits for the broker, which may not answer any more. */
function socketOf(model: ChannelModel | undefined): Duplex | undefined {
  const connection: object | undefined = model?.connection;
  return connection && 'stream' in connection && connection.stream instanceof Duplex
    ? connection.stream
    : undefined;
}
