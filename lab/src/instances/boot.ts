import { randomUUID } from 'node:crypto';

import { addNamespace, removeNamespace } from '@novanet/testbed';

import { CloudApi, type Registration } from '../cloud/api.js';
import { ComputeRpc } from '../cloud/compute-rpc.js';
import { MessageBus } from '../cloud/message-bus.js';
import { LabError } from '../plan/lab-error.js';
import { hostOf, instanceNamespace } from '../plan/lab-plan.js';
import type { OpenLab } from '../state/open-lab.js';
import type { InstanceRecord } from '../state/lab-state.js';
import { bringUpInjected } from './injected-interfaces.js';
import { type Nic, plugNic } from './plug.js';

export interface BootOptions {
  readonly name: string;
  readonly host: string;
  readonly project: string;
  /** Labels or uuids; empty: the networks that the cloud gives by default. */
  readonly networks: readonly string[];
  readonly userData?: string;
  readonly publicKey?: string;
  readonly meta: Readonly<Record<string, string>>;
}

export interface BootedInstance {
  readonly record: InstanceRecord;
  readonly nics: readonly Nic[];
}

/** Boots an instance as a compute service does. What it did is undone when a part of it fails. */
export async function bootInstance(lab: OpenLab, options: BootOptions): Promise<BootedInstance> {
  const { plan, folder, urls } = lab;
  const host = hostOf(plan, options.host);
  const netns = instanceNamespace(plan, options.name);
  const directory = folder.reserveInstance(options.name);
  const uuid = randomUUID();
  const api = new CloudApi(urls.api);
  const undo: (() => Promise<unknown>)[] = [async () => folder.forgetInstance(options.name)];
  try {
    const networkUuids = await resolveNetworks(api, options.networks);
    await api.putInstance(uuid, registrationOf(options));
    undo.unshift(() => api.deleteInstance(uuid));
    return await MessageBus.with(urls.amqp, async (bus) => {
      const rpc = new ComputeRpc(bus, lab.state.cloud.multiHost);
      try {
        const allocation = { uuid, projectId: options.project, host: host.name, networkUuids };
        const vifs = await rpc.allocate(allocation);
        await addNamespace(netns);
        const place = {
          hostNetns: host.netns,
          instanceNetns: netns,
          instanceName: options.name,
          folder: directory,
        };
        const nics: Nic[] = [];
        for (const [index, vif] of vifs.entries()) nics.push(await plugNic(vif, `eth${index}`, place));
        await bringUpInjected(vifs, { netns, folder: directory });
        const record = { name: options.name, uuid, host: host.name, netns, project_id: options.project };
        folder.saveInstance({ ...record, network_info: vifs });
        return { record: { ...record, network_info: vifs }, nics };
      } catch (error) {
        await removeNamespace(netns);
        await rpc.deallocate(uuid, options.project, host.name).catch(() => undefined);
        throw error;
      }
    });
  } catch (error) {
    for (const step of undo) await step().catch(() => undefined);
    throw error;
  }
}

async function resolveNetworks(api: CloudApi, wanted: readonly string[]): Promise<string[]> {
  if (wanted.length === 0) return [];
  const networks = await api.networks();
  return wanted.map((name) => {
    const found = networks.filter(({ id, label }) => id === name || label === name);
    if (found.length === 1 && found[0]) return found[0].id;
    const problem = found.length > 1 ? 'several networks are called' : 'there is no network';
    throw new LabError(`${problem} "${name}": npm run novanet -- network list shows them with their uuids.`);
  });
}

function registrationOf({ name, host, project, userData, publicKey, meta }: BootOptions): Registration {
  return {
    project_id: project,
    user_id: 'lab',
    host,
    display_name: name,
    hostname: name,
    instance_type: 'm1.tiny',
    availability_zone: 'nova',
    security_groups: ['default'],
    meta,
    ...(userData !== undefined && { user_data: Buffer.from(userData).toString('base64') }),
    ...(publicKey !== undefined && { key_name: 'lab', public_key: publicKey }),
  };
}

/** Unplugs an instance and gives its addresses back. */
export async function deleteInstance(lab: OpenLab, name: string): Promise<void> {
  const { uuid, project_id: projectId, host, netns } = lab.folder.instance(name);
  await removeNamespace(netns);
  await MessageBus.with(lab.urls.amqp, (bus) =>
    new ComputeRpc(bus, lab.state.cloud.multiHost).deallocate(uuid, projectId, host),
  );
  await new CloudApi(lab.urls.api).deleteInstance(uuid);
  lab.folder.forgetInstance(name);
}
