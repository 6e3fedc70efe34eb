import { createHash } from 'node:crypto';
import type { HostName } from '@novanet/net-address';
import { RemoteError, type OsloClient } from '@novanet/messaging';
import type { LeaseEvent } from './lease-event.js';

/** Whom lease events are told to. */
export interface LeaseReporter {
  /** Returns when the event has taken effect. Throws otherwise; then it may have taken effect all the same. */
  report(event: LeaseEvent, eventName: string): Promise<void>;
  /** True: telling it again has a chance, when the receiver is there again. False: it was refused. */
  isWorthRetrying(error: unknown): boolean;
}

const UNAVAILABLE = 503;

/** Tells the worker of this host, by RPC. */
export class RpcLeaseReporter implements LeaseReporter {
  private readonly target: { readonly topic: string; readonly server: HostName };

  constructor(
    private readonly client: OsloClient,
    topic: string,
    private readonly host: HostName,
  ) {
    this.target = { topic, server: host };
  }

  async report(event: LeaseEvent, eventName: string): Promise<void> {
    const uniqueId = this.uniqueIdOf(eventName);
    const args = { address: event.address.toString(), mac: event.mac.toString() };
    if (event.kind === 'ended') {
      await this.client.call({ ...this.target, version: '1.14' }, 'release_fixed_ip', args, { uniqueId });
      return;
    }
    const expiresAt = event.expiresAt === null ? null : event.expiresAt.getTime() / 1000;
    await this.client.call(this.target, 'lease_fixed_ip', { ...args, expires_at: expiresAt }, { uniqueId });
  }

  isWorthRetrying(error: unknown): boolean {
    return !(error instanceof RemoteError) || error.kwargs['code'] === UNAVAILABLE;
  }

  /** The same for the same event, so that the worker recognises a repetition. */
  private uniqueIdOf(eventName: string): string {
    return createHash('sha256').update(`${this.host}/${eventName}`).digest('hex').slice(0, 32);
  }
}
