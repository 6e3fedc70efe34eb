import type { CloudModel } from './cloud-model.js';
import { compare } from './compare.js';
import type { ModelCloud, Request } from './testing/model-cloud.js';

/** Brings all hosts back and gives everything back that anybody has. */
export async function endEverything(model: CloudModel, cloud: ModelCloud): Promise<void> {
  for (const [host, state] of model.hosts) {
    Object.assign(state, { isUp: true, isBroken: false, isKnown: true });
    cloud.kernel(host).isBroken = false;
    await cloud.beat(host);
  }
  const asked = model.worker(0);
  const grant = async (request: Omit<Request, 'worker'>) => {
    const outcome = await cloud.ask({ worker: asked, ...request });
    if ('refusal' in outcome) throw new Error(`${request.method} at the end: ${outcome.message}`);
  };
  for (const [number, instance] of model.instances) {
    for (const address of model.held(number)) model.release(address);
    instance.nics.clear();
    const uuid = model.instanceUuid(number);
    await grant({ method: 'deallocate_for_instance', args: { instance: { uuid, host: instance.host } } });
  }
  for (const [address, { projectId }] of model.floatingIps) {
    if (projectId !== null) await grant({ method: 'deallocate_floating_ip', args: { address } });
    await grant({ method: 'shrink_floating_pool', args: { range: address }, isOurs: true });
  }
  for (const host of model.upHosts) await cloud.freeStale(host);
  for (const { uuid } of model.networks.values()) {
    await grant({ method: 'delete_network', args: { uuid, require_disassociated: false } });
  }
  for (const host of model.upHosts) await cloud.converge(host);
  for (const owned of [
    model.instances,
    model.addresses,
    model.floatingIps,
    model.networks,
    model.hostAddresses,
  ]) {
    owned.clear();
  }
  await compare(model, cloud);
}
