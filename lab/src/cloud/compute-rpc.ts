import { LabError } from '../plan/lab-error.js';
import type { MessageBus } from './message-bus.js';
import type { VifInfo } from './network-info.js';

export interface Allocation {
  readonly uuid: string;
  readonly projectId: string;
  readonly host: string;
  /** Empty: the networks that the cloud gives by default. */
  readonly networkUuids: readonly string[];
  /** To be given in the first of them; absent: whichever comes. */
  readonly address?: string;
}

/** What a compute service asks the network service. Every method throws LabError. */
export class ComputeRpc {
  constructor(
    private readonly bus: MessageBus,
    /** nova: compute services of a multi-host cloud ask the worker of their own host, others any worker. */
    private readonly isMultiHost: boolean,
  ) {}

  async allocate({ uuid, projectId, host, networkUuids, address }: Allocation): Promise<VifInfo[]> {
    const requested = networkUuids.length > 0 ? networkRequests(networkUuids, address) : null;
    const args = {
      instance_id: uuid,
      project_id: projectId,
      host,
      rxtx_factor: 1,
      vpn: false,
      macs: null,
      requested_networks: requested,
    };
    const answer = await this.bus.call(this.target(host, '1.13'), 'allocate_for_instance', args);
    if (!isNetworkInfo(answer))
      throw new LabError('allocate_for_instance answered something that is no network_info.');
    return answer;
  }

  async deallocate(uuid: string, projectId: string, host: string): Promise<void> {
    const instance = novaObject('Instance', '2.1', { uuid, host, project_id: projectId, deleted: false });
    const target = this.target(host, this.isMultiHost ? '1.11' : '1.0');
    await this.bus.call(target, 'deallocate_for_instance', { instance, requested_networks: null });
  }

  private target(host: string, version: string): { version: string; server?: string } {
    return { version, ...(this.isMultiHost && { server: host }) };
  }
}

function networkRequests(networkUuids: readonly string[], address: string | undefined): unknown {
  const objects = networkUuids.map((uuid, index) =>
    novaObject('NetworkRequest', '1.1', {
      network_id: uuid,
      address: (index === 0 && address) || null,
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
