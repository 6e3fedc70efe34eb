import { expect, vi } from 'vitest';
import type { CloudModel } from './cloud-model.js';
import { observe, type Observed } from './observe.js';
import type { ModelCloud } from './testing/model-cloud.js';

/** Whether the database is what the model says, and every host that is well was told what it has to do. */
export async function compare(model: CloudModel, cloud: ModelCloud): Promise<void> {
  const seen = await observe(model, cloud);
  learn(model, seen);
  expect(seen).toEqual(described(model));
  if (model.isUntold) await tellAll(model, cloud);
  const well = [...model.hosts].filter(([, { isUp, isBroken }]) => isUp && !isBroken).map(([host]) => host);
  const wanted = Object.fromEntries(well.map((host) => [host, duties(model, host)]));
  const told = () => Object.fromEntries(well.map((host) => [host, cloud.kernel(host).told]));
  // a host that only has to clean up is not waited for longer than some hundred milliseconds
  await vi.waitFor(() => expect(told()).toEqual(wanted), { timeout: 3_000, interval: 20 });
}

async function tellAll(model: CloudModel, cloud: ModelCloud): Promise<void> {
  for (const host of model.upHosts) await cloud.converge(host);
  model.isUntold = false;
  learn(model, await observe(model, cloud));
}

/** Which of the free addresses a host takes for itself is its own choice; and what a refused request leaves of an empty instance. */
function learn(model: CloudModel, seen: Observed): void {
  for (const [address, text] of Object.entries(seen.addresses)) {
    const host = /^host (.*)$/.exec(text)?.[1];
    const network = [...model.networks.values()].find((one) => model.free(one).includes(address));
    if (host === undefined || !network || !model.hasHostAddresses(network)) continue;
    const key = `${network.place} ${host}`;
    if (!model.hostAddresses.has(key)) model.hostAddresses.set(key, address);
  }
  const { mayBeForgotten } = model;
  model.mayBeForgotten = undefined;
  const instance = mayBeForgotten === undefined ? undefined : model.instances.get(mayBeForgotten);
  if (mayBeForgotten === undefined || !instance || instance.nics.size > 0) return;
  const text = seen.instances[`i${mayBeForgotten}`];
  if (text === undefined) model.instances.delete(mayBeForgotten);
  else instance.host = / on (\S+), expected/.exec(text)?.[1] ?? null;
}

/** The model in the words of {@link observe}. */
function described(model: CloudModel): Observed {
  const networks = [...model.networks.values()].map(({ place, projectId, host, isMultiHost }) => [
    `n${place}`,
    `${isMultiHost ? 'each host' : String(host)} for ${projectId ?? 'all'}`,
  ]);
  const instances = [...model.instances].map(([number, { projectId, host, expectedOn }]) => [
    `i${number}`,
    `${projectId}${host === null ? '' : ` on ${host}`}, expected on [${[...expectedOn].toSorted().join()}]`,
  ]);
  const nics = [...model.instances].flatMap(([number, own]) =>
    [...own.nics].map(([place, mac]) => [`i${number} n${place}`, mac]),
  );
  const addresses = [...model.addresses].map(([address, { instance, isAllocated, lease }]) => [
    address,
    `i${instance} ${isAllocated ? 'has it' : 'had it'}${lease ? `, leased to ${lease.mac} by ${lease.host}` : ''}`,
  ]);
  const ofHosts = [...model.hostAddresses].map(([key, address]) => [address, `host ${key.split(' ')[1]}`]);
  const floatingIps = [...model.floatingIps].map(([address, { projectId, fixedAddress, host }]) => [
    address,
    `${projectId ?? 'free'}${fixedAddress === null ? '' : ` for ${fixedAddress} on ${host}`}`,
  ]);
  return {
    networks: Object.fromEntries(networks),
    instances: Object.fromEntries(instances),
    nics: Object.fromEntries(nics),
    addresses: Object.fromEntries([...addresses, ...ofHosts]),
    floatingIps: Object.fromEntries(floatingIps),
  };
}

/** What a host has to do, in the words of ToldKernel. */
function duties(model: CloudModel, host: string) {
  const served = [...model.networks.values()].filter((network) => model.serves(host, network));
  const answers = served.flatMap((network) =>
    model.answers(host, network).map((entry) => `br${network.place} ${entry}`),
  );
  const carries = [...model.floatingIps].flatMap(([address, own]) =>
    own.host === host && own.fixedAddress ? [`${address} ${own.fixedAddress}`] : [],
  );
  return {
    bridges: served.map(({ place }) => `br${place}`).toSorted(),
    answers: answers.toSorted(),
    carries: carries.toSorted(),
  };
}
