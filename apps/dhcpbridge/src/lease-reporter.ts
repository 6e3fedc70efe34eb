import { createHash } from 'node:crypto';
import type { HostName } from '@novanet/net-address';
import { RemoteError, type OsloClient } from '@novanet/messaging';
import type { LeaseEvent } from './lease-event.js';

/** Whom lease events are told to. */
export interface LeaseReporter {
  /** Returns when the event has taken effect. Throws otherwise; then it may have taken effect all the same. */
  report(event: LeaseEvent, eventName: string): Promise<void>;
  /** True: the fault may pass, so telling it again has a chance. False: it was refused, for what it is. */
  isWorthRetrying(error: unknown): boolean;
}

/** nova's codes that are about what was asked. All others (a fault of the database, say) are about the worker. */
const REFUSALS: ReadonlySet<unknown> = new Set([400, 403, 404, 409]);

/** An argument was refused. In other modules, classes of these names are faults of the worker's program. */
const BUILT_IN_REFUSALS: ReadonlySet<string> = new Set(['TypeError', 'ValueError']);
const BUILT_IN_MODULES: ReadonlySet<string> = new Set(['builtins', 'exceptions']);

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
    return !(error instanceof RemoteError && isRefusal(error));
  }

  /** The same for the same event, so that the worker recognises a repetition. */
  private uniqueIdOf(eventName: string): string {
    return createHash('sha256').update(`${this.host}/${eventName}`).digest('hex').slice(0, 32);
  }
}

function isRefusal({ className, moduleName, kwargs }: RemoteError): boolean {
  const isBuiltIn = BUILT_IN_MODULES.has(moduleName);
  return REFUSALS.has(kwargs['code']) || (isBuiltIn && BUILT_IN_REFUSALS.has(className));
}
