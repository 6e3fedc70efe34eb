import type { OsloClient } from '@novanet/messaging';

import { LabError } from '../plan/lab-error.js';
import type { VifInfo } from './network-info.js';

export interface Allocation {
  readonly uuid: string;
  readonly projectId: string;
  readonly host: string;
  /** Empty: the networks that the cloud gives by default. */
  readonly networkUuids: readonly string[];
}

/** What a compute service asks the network service, over AMQP. */
export class ComputeRpc {
  private constructor(
    private readonly client: OsloClient,
    /** nova: compute services of a multi-host cloud ask the worker of their own host, others any worker. */
    private readonly isMultiHost: boolean,
  ) {}

  /** Runs the body with a connection, and closes it. */
  static async with<T>(
    { amqpUrl, isMultiHost }: { readonly amqpUrl: string; readonly isMultiHost: boolean },
    body: (rpc: ComputeRpc) => Promise<T>,
  ): Promise<T> {
    // Loaded only here: Nest takes a third of a second, and most commands do not need it.
    const { OsloBroker, OsloClient: Client } = await import('@novanet/messaging');
    const transportUrl = amqpUrl.replace(/^amqp:/, 'rabbit:');
    const client = new Client({ broker: new OsloBroker({ transportUrl, serviceName: 'lab', log: silence }) });
    try {
      return await body(new ComputeRpc(client, isMultiHost));
    } finally {
      await client.close();
    }
  }

  async allocate({ uuid, projectId, host, networkUuids }: Allocation): Promise<VifInfo[]> {
    const requested = networkUuids.length > 0 ? networkRequests(networkUuids) : null;
    const args = {
      instance_id: uuid,
      project_id: projectId,
      host,
      rxtx_factor: 1,
      vpn: false,
      macs: null,
      requested_networks: requested,
    };
    const answer = await this.call(host, '1.13', 'allocate_for_instance', args);
    if (!isNetworkInfo(answer))
      throw new LabError('allocate_for_instance answered something that is no network_info.');
    return answer;
  }

  async deallocate(uuid: string, projectId: string, host: string): Promise<void> {
    const instance = novaObject('Instance', '2.1', { uuid, host, project_id: projectId, deleted: false });
    await this.call(host, this.isMultiHost ? '1.11' : '1.0', 'deallocate_for_instance', {
      instance,
      requested_networks: null,
    });
  }

  private async call(
    host: string,
    version: string,
    method: string,
    args: Record<string, unknown>,
  ): Promise<unknown> {
    const target = { topic: 'network', version, ...(this.isMultiHost && { server: host }) };
    try {
      return await this.client.call(target, method, args);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new LabError(`${method} failed: ${reason}`, { cause: error });
    }
  }
}

const silence = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  // What goes wrong is in the error of the call.
}

function networkRequests(networkUuids: readonly string[]): unknown {
  const objects = networkUuids.map((uuid) =>
    novaObject('NetworkRequest', '1.1', {
      network_id: uuid,
      address: null,
      port_id: null,
      pci_request_id: null,
    }),
  );
  return novaObject('NetworkRequestList', '1.1', { objects });
}

function novaObject(name: string, version: string, data: unknown): unknown {
  return {
    'nova_object.name': name,
    'nova_object.namespace': 'nova',
    'nova_object.version': version,
    'nova_object.data': data,
  };
}

function isNetworkInfo(value: unknown): value is VifInfo[] {
  return (
    Array.isArray(value) &&
    value.every(
      (vif: unknown) => typeof vif === 'object' && vif !== null && 'address' in vif && 'network' in vif,
    )
  );
}
