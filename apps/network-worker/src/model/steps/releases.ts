import * as fc from 'fast-check';
import type { CloudModel } from '../cloud-model.js';
import { anyAddress, anyInstance, anyWorker, ask, steps } from './step.js';

const none = new Set<string>();

/** Everything the instance holds, whether it is known or not, and whether its hosts are up or not. */
export const deallocate = steps(
  'deallocate',
  fc.record({ instance: anyInstance, worker: anyWorker }),
  (wish) => async (model, cloud) => {
    const uuid = model.instanceUuid(wish.instance);
    const args = { instance: { uuid, host: model.instances.get(wish.instance)?.host ?? null } };
    await ask(cloud, { worker: model.worker(wish.worker), method: 'deallocate_for_instance', args }, none);
    for (const held of model.held(wish.instance)) model.release(held);
    model.instances.get(wish.instance)?.nics.clear();
  },
);

/** One address: mostly one that the instance has. */
const removal = fc.record({
  instance: anyInstance,
  worker: anyWorker,
  address: anyAddress,
  own: fc.option(fc.nat(3), { freq: 5 }),
});

function removed(model: CloudModel, wish: { instance: number; address: string; own: number | null }): string {
  const held = model.held(wish.instance);
  return wish.own === null ? wish.address : (held[wish.own % held.length] ?? wish.address);
}

export const removeFixedIp = steps('remove fixed IP', removal, (wish) => async (model, cloud) => {
  const gone = removed(model, wish);
  const held = model.held(wish.instance);
  const refusals = new Set<string>();
  if (!model.instances.has(wish.instance)) refusals.add('InstanceNotFound');
  else if (held.length === 0) refusals.add('FixedIpNotFoundForInstance');
  else if (!held.includes(gone)) refusals.add('FixedIpNotFoundForSpecificInstance');
  const args = { instance_id: model.instanceUuid(wish.instance), address: gone };
  const request = { worker: model.worker(wish.worker), method: 'remove_fixed_ip_from_instance', args };
  if (await ask(cloud, request, refusals)) model.release(gone);
});

/** As nova's own workers ask: whose the address is now is looked at, when the caller says whose it should be. */
export const deallocateFixedIp = steps('deallocate fixed IP', removal, (wish) => async (model, cloud) => {
  const gone = removed(model, wish);
  const network = model.networks.get(Number(gone.split('.')[2]));
  const isSomewhere = network !== undefined && model.size(network) > Number(gone.split('.')[3]);
  const args = { address: gone, instance: { uuid: model.instanceUuid(wish.instance) } };
  const request = { worker: model.worker(wish.worker), method: 'deallocate_fixed_ip', args };
  const outcome = await ask(cloud, request, new Set(isSomewhere ? [] : ['FixedIpNotFoundForAddress']));
  if (outcome && model.held(wish.instance).includes(gone)) model.release(gone);
});
