import { setTimeout as sleep } from 'node:timers/promises';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { isRecord, type InstanceRegistrationDto } from '@novanet/contracts';
import { serviceContext, type OsloClient } from '@novanet/messaging';
import { currentRequestId } from '@novanet/observability';

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

  /** Answers the uuid of the network it made. */
  async createNetwork(args: Arguments): Promise<string> {
    const created = await this.call('create_networks', args);
    const first: unknown = Array.isArray(created) ? created[0] : undefined;
    const uuid = isRecord(first) ? first['uuid'] : undefined;
    if (typeof uuid !== 'string') throw new Error('create_networks answered no network');
    return uuid;
  }

  async deleteNetwork(uuid: string): Promise<void> {
    await this.call('delete_network', { uuid, fixed_range: null });
  }

  async putInstance(uuid: string, registration: InstanceRegistrationDto): Promise<void> {
    await this.call('put_instance', { instance: Object.assign({}, registration, { uuid }) }, 'novanet');
  }

  async deleteInstance(uuid: string): Promise<void> {
    await this.call('delete_instance', { uuid }, 'novanet');
  }

  async clearPassword(uuid: string): Promise<void> {
    await this.call('clear_instance_password', { uuid }, 'novanet');
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

  private async call(method: string, args: Arguments, namespace?: string): Promise<unknown> {
    const target = { topic: this.topic, version: '1.0', ...(namespace && { namespace }) };
    const context = serviceContext(currentRequestId());
    const answer = this.client.call(target, method, args, { context, graceMs: restartMs });
    this.waiting.add(answer);
    try {
      return await answer;
    } finally {
      this.waiting.delete(answer);
    }
  }
}
