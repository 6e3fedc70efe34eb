import * as fc from 'fast-check';
import type { CloudModel } from '../cloud-model.js';
import type { ModelCloud } from '../testing/model-cloud.js';
import { anyAddress, anyWorker, ask, steps } from './step.js';

/** An event of the dnsmasq on some host, about an address that somebody has, or any; with the right MAC, a wrong one, or none. */
const event = fc.record({
  worker: anyWorker,
  address: anyAddress,
  known: fc.option(fc.nat(9), { freq: 5 }),
  mac: fc.constantFrom('right', 'right', 'none', 'wrong'),
});
type Event = (typeof event extends fc.Arbitrary<infer T> ? T : never) & object;

const WRONG_MAC = '02:ff:ff:ff:ff:ff';

/** Sends it; answers what it says. */
async function send(kind: 'lease' | 'release', wish: Event, model: CloudModel, cloud: ModelCloud) {
  const known = [...model.addresses.keys()];
  const about = wish.known === null ? wish.address : (known[wish.known % known.length] ?? wish.address);
  const own = model.addresses.get(about);
  const nicMac = own?.isAllocated ? model.instances.get(own.instance)?.nics.get(own.place) : undefined;
  const right = (kind === 'release' ? own?.lease?.mac : undefined) ?? nicMac ?? WRONG_MAC;
  const mac = { right, wrong: WRONG_MAC, none: undefined }[wish.mac];
  const host = model.worker(wish.worker);
  const args = { address: about, ...(mac && { mac }) };
  await ask(cloud, { worker: host, method: `${kind}_fixed_ip`, args }, new Set());
  return { about, own, nicMac, mac, host };
}

/**
 * Counts when the instance that has the address has this MAC and, in a network of each host, has not left that host; the
 * last dnsmasq that says so is the one that gave it.
 */
export const lease = steps('lease', event, (wish) => async (model, cloud) => {
  const { own, nicMac, mac, host } = await send('lease', wish, model, cloud);
  if (!own?.isAllocated || !nicMac || (mac ?? nicMac) !== nicMac) return;
  const instance = model.instances.get(own.instance);
  const isThere = !instance?.host || instance.host === host || instance.expectedOn.has(host);
  if (isThere || !model.networks.get(own.place)?.isMultiHost) own.lease = { mac: nicMac, host };
});

/** Counts when it is about the lease that is out, and in a network of each host, when it comes from where it was given. */
export const release = steps('release', event, (wish) => async (model, cloud) => {
  const { about, own, mac, host } = await send('release', wish, model, cloud);
  if (!own?.lease || (mac ?? own.lease.mac) !== own.lease.mac) return;
  if (model.networks.get(own.place)?.isMultiHost && own.lease.host !== host) return;
  if (own.isAllocated) own.lease = null;
  else model.addresses.delete(about);
});
