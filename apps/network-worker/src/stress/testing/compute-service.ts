import { setTimeout as delay } from 'node:timers/promises';
import type { NetworkInfo } from '@novanet/contracts';
import { RemoteError, RpcUndeliverable } from '@novanet/messaging';
import type { WorkerCloud } from './worker-cloud.js';

/** An instance as its compute service knows it. */
export interface ComputeInstance {
  readonly uuid: string;
  readonly project: string;
  readonly host: string;
  readonly networks: readonly string[];
}

/** How often one call is repeated: a worker is away for seconds. */
const ATTEMPTS = 400;

/**
 * Repeats with the same arguments what failed because a worker was away, as a compute service does. Whatever else fails
 * is an error of the test.
 */
export class ComputeService {
  /** What was repeated: reason → how often. */
  readonly repeated = new Map<string, number>();
  calls = 0;
  /** The longest that one call took, repetitions not counted. */
  longestMs = 0;

  constructor(private readonly cloud: Pick<WorkerCloud, 'call' | 'client' | 'topic'>) {}

  async allocate({ uuid, project, host, networks }: ComputeInstance): Promise<NetworkInfo> {
    const answer = await this.insist('allocate_for_instance', {
      instance_id: uuid,
      project_id: project,
      host,
      rxtx_factor: 1,
      vpn: false,
      macs: null,
      requested_networks: networks.map((network) => [network, null]),
    });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JSON carried; the test looks at it
    return answer as NetworkInfo;
  }

  async deallocate({ uuid, project, host }: ComputeInstance): Promise<void> {
    const instance = {
      'nova_object.name': 'Instance',
      'nova_object.namespace': 'nova',
      'nova_object.version': '2.1',
      'nova_object.data': { uuid, project_id: project, host, deleted: false },
    };
    await this.insist('deallocate_for_instance', { instance, requested_networks: null });
  }

  async associate(floating: string, fixed: string): Promise<void> {
    const addresses = { floating_address: floating, fixed_address: fixed };
    await this.insist('associate_floating_ip', { ...addresses, affect_auto_assigned: false });
  }

  async disassociate(floating: string): Promise<void> {
    await this.insist('disassociate_floating_ip', { address: floating, affect_auto_assigned: false });
  }

  /** As a dhcpbridge reports, without waiting: nova's own gives neither MAC nor expiry. */
  async leaseEvent(kind: 'lease' | 'release', host: string, event: Record<string, unknown>): Promise<void> {
    const { client, topic } = this.cloud;
    await client.cast({ topic, server: host, version: '1.0' }, `${kind}_fixed_ip`, event);
  }

  private async insist(method: string, args: Readonly<Record<string, unknown>>): Promise<unknown> {
    for (let attempt = 1; ; attempt += 1) {
      const began = performance.now();
      try {
        this.calls += 1;
        return await this.cloud.call(method, args);
      } catch (error) {
        const reason = reasonToRepeat(error);
        if (reason === undefined || attempt >= ATTEMPTS)
          throw new Error(`${method} failed`, { cause: error });
        this.repeated.set(reason, (this.repeated.get(reason) ?? 0) + 1);
      } finally {
        this.longestMs = Math.max(this.longestMs, performance.now() - began);
      }
      await delay(100);
    }
  }
}

/** Undefined: a worker that is away is no excuse for this. */
function reasonToRepeat(error: unknown): string | undefined {
  if (error instanceof RpcUndeliverable) return error.name;
  if (error instanceof RemoteError && error.className === 'NetworkHostUnavailable') return error.className;
  return undefined;
}
