import * as fc from 'fast-check';
import type { CloudModel, ModelFloatingIp } from '../cloud-model.js';
import { anyHost, anyWorker, ask, steps } from './step.js';

type Fault = 'down' | 'up' | 'broken' | 'mended';
const fault = fc.record({
  host: anyHost,
  fault: fc.constantFrom<Fault>('down', 'up', 'up', 'broken', 'mended', 'mended'),
});

/** What happens to hosts. One of them answers at any time; one that comes back makes itself what the database says. */
export const hostFault = steps('host', fault, (wish) => async (model, cloud) => {
  const state = model.hosts.get(wish.host);
  if (!state || (wish.fault === 'down' && model.upHosts.every((up) => up === wish.host))) return;
  const kernel = cloud.kernel(wish.host);
  if (wish.fault === 'down') {
    state.isUp = false;
    await cloud.silence(wish.host);
  } else if (wish.fault === 'broken') {
    state.isBroken = kernel.isBroken = true;
  } else {
    if (wish.fault === 'up') Object.assign(state, { isUp: true, isKnown: true });
    else state.isBroken = kernel.isBroken = false;
    if (!state.isUp) return;
    await cloud.beat(wish.host);
    await cloud.converge(wish.host);
  }
});

/** The leases that nobody gave back, and the instances that have nothing, are forgotten by those who may. */
export const timePasses = steps('time passes', fc.constant(null), () => async (model, cloud) => {
  for (const up of model.upHosts) {
    await cloud.freeStale(up);
    for (const [address, own] of model.addresses) {
      if (!own.isAllocated && mayFree(model, up, own)) model.addresses.delete(address);
    }
    for (const [number, { nics }] of model.instances) if (nics.size === 0) model.instances.delete(number);
  }
  for (const up of model.upHosts) await cloud.converge(up);
});

function mayFree(
  model: CloudModel,
  up: string,
  own: { place: number; instance: number; lease: { host: string } | null },
) {
  const network = model.networks.get(own.place);
  if (!network?.isMultiHost) return network?.host === up || network?.host === null;
  const where = model.instances.get(own.instance)?.host ?? null;
  return where === null || where === up || own.lease?.host === up || !model.hosts.get(where)?.isKnown;
}

const removal = fc.record({ host: anyHost, worker: anyWorker, heir: fc.option(anyHost) });

/** A host that is gone for good: its own addresses are free, its networks the heir's, its floating IPs with their instances. */
export const removeHost = steps('remove host', removal, (wish) => async (model, cloud) => {
  const gone = model.hosts.get(wish.host);
  const asked = model.worker(wish.worker);
  const heir = wish.heir ?? asked;
  const refusals = new Set<string>();
  if (gone?.isUp || heir === wish.host) refusals.add('InvalidInput');
  else if (!model.hosts.get(heir)?.isUp) refusals.add('NetworkHostUnavailable');
  const args = { host: wish.host, heir: wish.heir };
  const request = { worker: asked, method: 'remove_host', args, isOurs: true };
  if (!(await ask(cloud, request, refusals)) || !gone) return;
  gone.isKnown = false;
  for (const key of model.hostAddresses.keys())
    if (key.endsWith(` ${wish.host}`)) model.hostAddresses.delete(key);
  for (const { expectedOn } of model.instances.values()) expectedOn.delete(wish.host);
  for (const network of model.networks.values()) {
    if (network.host === wish.host) network.host = heir;
  }
  for (const floatingIp of model.floatingIps.values()) {
    if (floatingIp.host === wish.host) rescue(model, floatingIp);
  }
});

/** What cannot be carried elsewhere stays where it was. */
function rescue(model: CloudModel, floatingIp: ModelFloatingIp): void {
  const host = model.carrier(floatingIp.fixedAddress ?? '');
  const state = host === null ? undefined : model.hosts.get(host);
  if (state?.isUp && !state.isBroken) floatingIp.host = host;
}
