import type { NetworkInfo } from '@novanet/contracts';
import * as fc from 'fast-check';
import type { CloudModel, ModelNetwork } from '../cloud-model.js';
import type { ModelCloud } from '../testing/model-cloud.js';
import { checkInfo, takeOver } from './allocation-answers.js';
import { addRefusals, allocationRefusals, completesNic, hasIpv4 } from './allocation-rules.js';
import {
  anyHost,
  anyInstance,
  anyPlace,
  anyWorker,
  ask,
  mustBe,
  rarely,
  steps,
  type Refusals,
} from './step.js';

interface AllocateWish {
  readonly instance: number;
  readonly worker: number;
  readonly host: string | null;
  /** Places, with an address each or none; empty: whatever the instance's project sees. */
  readonly networks: readonly { readonly place: number; readonly offset: number | null }[];
  readonly macs: number | null;
  readonly asUser: boolean;
}

const wishes: fc.Arbitrary<AllocateWish> = fc.record({
  instance: anyInstance,
  worker: anyWorker,
  host: fc.oneof({ arbitrary: anyHost, weight: 7 }, { arbitrary: fc.constant(null), weight: 1 }),
  networks: fc.uniqueArray(fc.record({ place: anyPlace, offset: rarely(fc.nat(8)) }), {
    maxLength: 3,
    selector: (wish) => wish.place,
  }),
  macs: rarely(fc.nat(3)),
  asUser: fc.boolean(),
});

export const allocate = steps(
  'allocate',
  wishes,
  (wish) => (model, cloud) => allocateFor(wish, model, cloud),
);

/** This instance, on some host, gets whatever there is for its project. */
export function allocateFirst(number: number) {
  const simple = { instance: number, networks: [], macs: null, asUser: true };
  return steps(
    'allocate',
    fc.record({ worker: anyWorker, host: anyHost }),
    (wish) => (model, cloud) => allocateFor({ ...simple, ...wish }, model, cloud),
  );
}

async function allocateFor(wish: AllocateWish, model: CloudModel, cloud: ModelCloud): Promise<void> {
  const number = wish.instance;
  const known = model.instances.get(number);
  // a compute service names another host only when nothing is left on the one before
  const instanceHost = known && known.nics.size > 0 ? known.host : wish.host;
  const { chosen, refusals } = choice(model, wish);
  const names = { number, worker: model.worker(wish.worker), instanceHost, wanted: chosen };
  const macs = wish.macs === null ? null : Array.from({ length: wish.macs }, (_, nic) => macOf(number, nic));
  if (macs && macs.length < chosen.length) refusals.add('VirtualInterfaceCreateException');
  const isTaken = chosen.some(
    ({ network }, nic) => !known?.nics.has(network.place) && isMacTaken(model, macs?.[nic]),
  );
  if (isTaken) refusals.add('VirtualInterfaceMacAddressException');
  for (const refusal of allocationRefusals(model, names)) refusals.add(refusal);
  if (refusals.has('HostSetupFailed') && completesNic(model, names)) return;
  const request = {
    worker: names.worker,
    method: 'allocate_for_instance',
    args: {
      instance_id: model.instanceUuid(number),
      project_id: model.projectOf(number),
      host: instanceHost,
      macs,
      requested_networks: wish.networks.map((one) => [model.networkUuid(one.place), wishedAddress(one)]),
    },
    ...(wish.asUser && { user: model.projectOf(number) }),
  };
  const outcome = await ask(cloud, request, refusals);
  model.mayBeForgotten = outcome ? undefined : number;
  if (!outcome) return;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JSON carried; it is looked at here
  const info = outcome.answer as NetworkInfo;
  takeOver(model, number, info, names);
  await checkInfo(model, cloud, number, info);
}

function wishedAddress({ place: network, offset }: AllocateWish['networks'][number]): string | null {
  return offset === null ? null : `10.0.${network}.${offset}`;
}

const macOf = (number: number, nic: number) => `02:00:00:00:0${number % 2}:0${nic}`;

function isMacTaken(model: CloudModel, mac: string | undefined): boolean {
  return [...model.instances.values()].some(({ nics }) => [...nics.values()].some((own) => own === mac));
}

/** A user uses the project's networks and everybody's, an administrator all. */
function choice(model: CloudModel, { instance: number, networks: named, asUser }: AllocateWish) {
  const refusals = new Set<string>();
  const isUsable = ({ projectId }: ModelNetwork) =>
    !asUser || projectId === null || projectId === model.projectOf(number);
  const wanted = (places: Iterable<number>) =>
    [...places].flatMap((one) => ({ network: model.networks.get(one), address: null }));
  if (named.length === 0) {
    const held = [...(model.instances.get(number)?.nics.keys() ?? [])];
    const usable = [...model.networks.values()].filter((one) => isUsable(one)).map((one) => one.place);
    return { chosen: present(wanted(held.length > 0 ? held : usable)), refusals };
  }
  const found = named.map((one) => ({ network: model.networks.get(one.place), address: wishedAddress(one) }));
  const usable = present(found).filter(({ network }) => isUsable(network));
  if (usable.length === 0) refusals.add('NoNetworksFound');
  else if (usable.length < found.length) refusals.add('NetworkNotFoundForProject');
  for (const { network, address: wished } of usable) {
    const offset = Number(wished?.split('.')[3]);
    if (wished !== null && offset >= model.size(network)) refusals.add('FixedIpNotFoundForNetwork');
  }
  return { chosen: usable, refusals };
}

function present<T extends { readonly network: ModelNetwork | undefined }>(wanted: readonly T[]) {
  return wanted.flatMap(({ network, ...more }) => (network ? [{ ...more, network }] : []));
}

export const addFixedIp = steps(
  'add fixed IP',
  fc.record({ instance: anyInstance, place: anyPlace, worker: anyWorker }),
  (wish) => async (model, cloud) => {
    const number = wish.instance;
    const known = model.instances.get(number);
    const network = model.networks.get(wish.place);
    const names = {
      number,
      worker: model.worker(wish.worker),
      instanceHost: known?.host ?? null,
      wanted: network ? [{ network, address: null }] : [],
    };
    const refusals = new Set<string>(network ? addRefusals(model, names, network) : ['NetworkNotFound']);
    const args = {
      instance_id: model.instanceUuid(number),
      host: names.instanceHost,
      network_id: model.networkUuid(wish.place),
    };
    const missing: Refusals = new Set(['InstanceNotFound']);
    const request = { worker: names.worker, method: 'add_fixed_ip_to_instance', args };
    const outcome = await ask(cloud, request, known ? refusals : missing);
    model.mayBeForgotten = outcome ? undefined : number;
    if (!outcome) return;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JSON carried; it is looked at here
    const info = outcome.answer as NetworkInfo;
    const before = model.held(number).length;
    takeOver(model, number, info, names);
    const added = model.held(number).length - before;
    mustBe({ added }, { added: network && hasIpv4(network) ? 1 : 0 });
    await checkInfo(model, cloud, number, info);
  },
);
