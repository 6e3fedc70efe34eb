import { limits, networkKinds, type CloudModel, type ModelNetwork } from '../cloud-model.js';
import { hostRefusals } from './step.js';

/** What is asked for an instance, with what the model knows of it. */
export interface Wish {
  readonly number: number;
  readonly worker: string;
  readonly instanceHost: string | null;
  readonly wanted: readonly { readonly network: ModelNetwork; readonly address: string | null }[];
}

/** Who would serve the network, and why not. */
function serviceRefusals(
  model: CloudModel,
  network: ModelNetwork,
  wish: Pick<Wish, 'worker' | 'instanceHost'>,
): string[] {
  const server = network.isMultiHost ? wish.instanceHost : (network.host ?? wish.worker);
  if (server === null) return ['InvalidInput'];
  const isServed = model.hostAddresses.has(`${network.place} ${server}`);
  const isFull = model.hasHostAddresses(network) && !isServed && model.free(network).length === 0;
  return [
    ...hostRefusals(model, server, wish.worker),
    ...(isFull ? ['NoMoreFixedIps', 'HostSetupFailed'] : []),
  ];
}

/** What one more address in the network may be refused for, and who may need another one then. */
function addressRefusals(
  model: CloudModel,
  wish: Wish,
  network: ModelNetwork,
  wished: string | null,
): string[] {
  const free = model.free(network);
  const own = wish.instanceHost ?? '';
  const needsOwn = model.hasHostAddresses(network) && !model.hostAddresses.has(`${network.place} ${own}`);
  const isFullThen = needsOwn && free.length < 2 ? ['NoMoreFixedIps', 'HostSetupFailed'] : [];
  if (wished === null) return free.length === 0 ? ['NoMoreFixedIps'] : isFullThen;
  if (free.includes(wished)) return isFullThen;
  const holder = model.addresses.get(wished);
  if (!holder) return ['FixedIpNotFoundForNetwork'];
  const isOwnLease = !holder.isAllocated && holder.instance === wish.number;
  return isOwnLease ? [] : ['FixedIpAlreadyInUse'];
}

export const hasIpv4 = ({ kind }: ModelNetwork) => networkKinds[kind].addresses > 0;

/** An instance keeps what it has: only NICs without an IPv4 address get one. */
function lacking(model: CloudModel, { number, wanted }: Wish) {
  return wanted.filter(({ network }) => hasIpv4(network) && model.held(number, network.place).length === 0);
}

export function allocationRefusals(model: CloudModel, wish: Wish): string[] {
  const wanted = lacking(model, wish);
  const isTooMuch = wanted.length > 0 && projectHolds(model, wish.number) + wanted.length > limits.fixedIps;
  return [
    ...(isTooMuch ? ['FixedIpLimitExceeded'] : []),
    ...wanted.flatMap(({ network, address: wished }) => addressRefusals(model, wish, network, wished)),
    ...wish.wanted.flatMap(({ network }) => serviceRefusals(model, network, wish)),
  ];
}

const projectHolds = (model: CloudModel, number: number) => model.heldByProject(model.projectOf(number));

/** A NIC that was there before, without address, keeps the one that it is given by a request that fails later. */
export function completesNic(model: CloudModel, wish: Wish): boolean {
  const nics = model.instances.get(wish.number)?.nics;
  return lacking(model, wish).some(({ network }) => nics?.has(network.place));
}

/** Whatever the NIC has already. */
export function addRefusals(model: CloudModel, wish: Wish, network: ModelNetwork): string[] {
  const isForeign = network.projectId !== null && network.projectId !== model.projectOf(wish.number);
  const isTooMuch = hasIpv4(network) && projectHolds(model, wish.number) + 1 > limits.fixedIps;
  return [
    ...(isForeign ? ['Forbidden'] : []),
    ...(isTooMuch ? ['FixedIpLimitExceeded'] : []),
    ...(hasIpv4(network) ? addressRefusals(model, wish, network, null) : []),
    ...serviceRefusals(model, network, wish),
  ];
}
