import { randomUUID } from 'node:crypto';

import type { Job } from '../callers/python-callers.js';

/** What is measured, in this order: all instances are allocated, then all are asked for, then all are given back. */
export const instanceMethods = [
  'allocate_for_instance',
  'get_instance_nw_info',
  'deallocate_for_instance',
] as const;

export type InstanceMethod = (typeof instanceMethods)[number];

/** The calls of one method for these instances, as a compute service of the Mitaka era makes them. */
export function callsFor(method: InstanceMethod, uuids: readonly string[]): Job {
  return { topic: 'network', ...jobs[method](uuids) };
}

export function newInstances(count: number): string[] {
  return Array.from({ length: count }, () => randomUUID());
}

const owner = { project_id: 'bench', host: 'compute1' };

const jobs: Readonly<Record<InstanceMethod, (uuids: readonly string[]) => Omit<Job, 'topic'>>> = {
  allocate_for_instance: (uuids) => ({
    method: 'allocate_for_instance',
    version: '1.13',
    calls: uuids.map((uuid) => ({
      ...owner,
      instance_id: uuid,
      rxtx_factor: 1,
      vpn: false,
      requested_networks: null,
      macs: null,
    })),
  }),
  get_instance_nw_info: (uuids) => ({
    method: 'get_instance_nw_info',
    version: '1.9',
    calls: uuids.map((uuid) => ({ ...owner, instance_id: uuid, rxtx_factor: 1 })),
  }),
  deallocate_for_instance: (uuids) => ({
    method: 'deallocate_for_instance',
    version: '1.0',
    calls: uuids.map((uuid) => ({ instance: instanceObject(uuid), requested_networks: null })),
  }),
};

function instanceObject(uuid: string): unknown {
  return {
    'nova_object.name': 'Instance',
    'nova_object.namespace': 'nova',
    'nova_object.version': '2.1',
    'nova_object.data': { uuid, ...owner, deleted: false },
  };
}
