import { setTimeout as sleep } from 'node:timers/promises';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { isRecord, type InstanceRegistrationDto } from '@novanet/contracts';
import type { CallOptions, OsloClient, RpcTarget } from '@novanet/messaging';
import type { HostName } from '@novanet/net-address';
import { contextOf, type Requester } from '../auth/requester.js';

/** So long a stopping API waits for workers that are at work for it. */
const graceMs = 3_000;

/** So long workers may be absent, as they are when they start again. */
const restartMs = 2_000;

type Arguments = Readonly<Record<string, unknown>>;

/**
 * The network workers, as far as this API needs them: they do all the writing. Every method throws RemoteError with the
 * worker's own error, RpcUndeliverable and RpcTimeout when none answers.
 */
export class NetworkWorkers implements BeforeApplicationShutdown {
  private readonly waiting = new Set<Promise<unknown>>();

  /** @param topic the option network_topic */
  constructor(
    private readonly client: OsloClient,
    private readonly topic: string,
  ) {}

  /** Answers the uuids of the networks it made. */
  async createNetworks(by: Requester, args: Arguments): Promise<string[]> {
    return uuidsIn(await this.call(by, 'create_networks', args));
  }

  /** The same for the project of who asks. */
  async createTenantNetworks(by: Requester, args: Arguments): Promise<string[]> {
    return uuidsIn(await this.callOurs(by, 'create_tenant_networks', args));
  }

  /** @param changes what is undefined stays as it is, null takes away */
  async modifyNetwork(by: Requester, uuid: string, changes: object): Promise<void> {
    // On the wire undefined would be null.
    const given = Object.entries(changes).filter(([, value]) => value !== undefined);
    await this.callOurs(by, 'modify_network', { ...Object.fromEntries(given), network_uuid: uuid });
  }

  /** @param isFree whether it must not belong to a project any more */
  async deleteNetwork(by: Requester, uuid: string, isFree = true): Promise<void> {
    await this.call(by, 'delete_network', { uuid, fixed_range: null, require_disassociated: isFree });
  }

  async putInstance(by: Requester, uuid: string, registration: InstanceRegistrationDto): Promise<void> {
    await this.callOurs(by, 'put_instance', { instance: Object.assign({}, registration, { uuid }) });
  }

  async deleteInstance(by: Requester, uuid: string): Promise<void> {
    await this.callOurs(by, 'delete_instance', { uuid });
  }

  async clearPassword(by: Requester, uuid: string): Promise<void> {
    await this.callOurs(by, 'clear_instance_password', { uuid });
  }

  /** Begins to connect; waits for no broker. */
  async connect(): Promise<void> {
    await this.client.connect();
  }

  /** For the health page: throws when no call could go out now. */
  checkBroker(): void {
    if (!this.client.isConnected)
      throw new Error('not connected: check transport_url, and the broker itself');
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.race([Promise.allSettled(this.waiting), sleep(graceMs, undefined, { ref: false })]);
    await this.client.close();
  }

  /** A method of nova's, in the name of who asks. */
  call(by: Requester, method: string, args: Arguments): Promise<unknown> {
    return this.send(by, { topic: this.topic, version: '1.0' }, method, args);
  }

  /** A method that nova does not have. */
  callOurs(by: Requester, method: string, args: Arguments): Promise<unknown> {
    return this.send(by, { topic: this.topic, version: '1.0', namespace: 'novanet' }, method, args);
  }

  /** A method that nova does not have, of the worker of this host; who is not there is not waited for. */
  callHost(by: Requester, host: HostName, method: string, timeoutMs: number): Promise<unknown> {
    const target = { topic: this.topic, server: host, version: '1.0', namespace: 'novanet' };
    return this.send(by, target, method, {}, { timeoutMs });
  }

  private async send(
    by: Requester,
    target: RpcTarget,
    method: string,
    args: Arguments,
    patience: CallOptions = { graceMs: restartMs },
  ): Promise<unknown> {
    const context = contextOf(by);
    const answer = this.client.call(target, method, args, { context, ...patience });
    this.waiting.add(answer);
    try {
      return await answer;
    } finally {
      this.waiting.delete(answer);
    }
  }
}

function uuidsIn(created: unknown): string[] {
  const rows: unknown[] = Array.isArray(created) ? created : [];
  const uuids = rows.flatMap((row) =>
    isRecord(row) && typeof row['uuid'] === 'string' ? [row['uuid']] : [],
  );
  if (uuids.length === 0) throw new Error('networks were created, but not named');
  return uuids;
}
