import type { NetworkDict } from '@novanet/contracts';
import * as fc from 'fast-check';
import { networkKinds, type CloudModel, type ModelNetwork, type NetworkKind } from '../cloud-model.js';
import type { ModelCloud } from '../testing/model-cloud.js';
import { anyHost, anyPlace, anyWorker, ask, hostRefusals, steps, mustBe } from './step.js';

const kinds = Object.keys(networkKinds).filter((name): name is NetworkKind => name in networkKinds);
/** In one of these places. */
export function createNetworkIn(places: fc.Arbitrary<number>) {
  const kind = fc.constantFrom(...kinds);
  const project = fc.option(fc.constantFrom('p0', 'p1'), { freq: 2 });
  return steps('create network', fc.record({ worker: anyWorker, place: places, kind, project }), create);
}

interface Creation {
  readonly worker: number;
  readonly place: number;
  readonly kind: NetworkKind;
  readonly project: string | null;
}

const create = (wish: Creation) => async (model: CloudModel, cloud: ModelCloud) => {
  const { addresses, hasV6, isMultiHost } = networkKinds[wish.kind];
  const before = model.networks.get(wish.place);
  const overlaps =
    before && ((addresses > 0 && model.size(before) > 0) || (hasV6 && networkKinds[before.kind].hasV6));
  // a place is for one network: what does not overlap would be a second one there
  if (before && !overlaps) return;
  const request = { worker: model.worker(wish.worker), method: 'create_networks', args: argumentsOf(wish) };
  const outcome = await ask(cloud, request, new Set(overlaps ? ['CidrConflict'] : []));
  if (!outcome) return;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JSON carried; everything is compared later
  const [{ id, uuid }] = outcome.answer as [NetworkDict];
  const network = { place: wish.place, kind: wish.kind, id, uuid, isMultiHost, host: null };
  model.networks.set(wish.place, { ...network, projectId: wish.project });
};

function argumentsOf({ place: where, kind, project }: Creation) {
  const { addresses, hasV6, isMultiHost, sharesAddress } = networkKinds[kind];
  return {
    label: `n${where}`,
    bridge: `br${where}`,
    multi_host: isMultiHost,
    share_address: sharesAddress,
    project_id: project,
    ...(addresses > 0 && { cidr: `10.0.${where}.0/${32 - Math.log2(addresses)}` }),
    ...(hasV6 && { cidr_v6: `fd00:0:0:${where}::/64` }),
  };
}

const deletion = fc.record({ worker: anyWorker, place: anyPlace, requireDisassociated: fc.boolean() });

export const deleteNetwork = steps('delete network', deletion, (wish) => async (model, cloud) => {
  const network = model.networks.get(wish.place);
  const refusals = new Set<string>();
  if (!network) refusals.add('NetworkNotFoundForUUID');
  else if (wish.requireDisassociated && network.projectId !== null) refusals.add('NetworkHasProject');
  if (network && model.isInUse(network)) refusals.add('NetworkInUse');
  const args = { uuid: model.networkUuid(wish.place), require_disassociated: wish.requireDisassociated };
  const request = { worker: model.worker(wish.worker), method: 'delete_network', args };
  if (!(await ask(cloud, request, refusals))) return;
  model.networks.delete(wish.place);
  for (const [address, own] of model.addresses) if (own.place === wish.place) model.addresses.delete(address);
  forgetHostAddresses(model, wish.place);
});

function forgetHostAddresses(model: CloudModel, gone: number): void {
  for (const key of model.hostAddresses.keys())
    if (key.startsWith(`${gone} `)) model.hostAddresses.delete(key);
}

/** One of several claims is the first, and all are told whose it was. */
export const setNetworkHost = steps(
  'set network host',
  fc.record({ worker: anyWorker, place: anyPlace }),
  (wish) => async (model, cloud) => {
    const network = model.networks.get(wish.place);
    const asked = model.worker(wish.worker);
    const args = { network_ref: { id: network?.id ?? 999_999 } };
    const refusals = new Set(network ? [] : ['NetworkNotFound']);
    const outcome = await ask(cloud, { worker: asked, method: 'set_network_host', args }, refusals);
    if (!outcome || !network) return;
    mustBe(outcome.answer, network.isMultiHost ? asked : (network.host ?? asked));
    if (network.isMultiHost || network.host !== null) return;
    network.host = asked;
    // the caller is about to have it set up
    model.isUntold = true;
  },
);

export const disassociateNetwork = steps(
  'disassociate network',
  fc.record({ worker: anyWorker, place: anyPlace }),
  (wish) => async (model, cloud) => {
    const network = model.networks.get(wish.place);
    const args = { network_uuid: model.networkUuid(wish.place) };
    const request = { worker: model.worker(wish.worker), method: 'disassociate_network', args };
    const outcome = await ask(cloud, request, new Set(network ? [] : ['NetworkNotFoundForUUID']));
    if (!outcome || !network) return;
    network.projectId = null;
    if (!model.isInUse(network)) network.host = null;
  },
);

const conversion = fc.record({
  worker: anyWorker,
  place: anyPlace,
  isMultiHost: fc.boolean(),
  host: fc.option(anyHost, { freq: 2 }),
});

/** One host for all, or each host for its own instances: everybody who serves it then has to be able to. */
export const convertNetwork = steps('convert network', conversion, (wish) => async (model, cloud) => {
  const network = model.networks.get(wish.place);
  const asked = model.worker(wish.worker);
  const next = network && { ...network, isMultiHost: wish.isMultiHost };
  const owned = wish.isMultiHost ? null : (wish.host ?? network?.host ?? asked);
  if (next) next.host = owned;
  const refusals = new Set(next ? conversionRefusals(model, next, asked) : ['NetworkNotFoundForUUID']);
  const args = { network_uuid: model.networkUuid(wish.place), multi_host: wish.isMultiHost, host: wish.host };
  const request = { worker: asked, method: 'convert_network', args, isOurs: true };
  const outcome = await ask(cloud, request, refusals);
  if (!outcome || !network) return;
  network.isMultiHost = wish.isMultiHost;
  network.host = owned;
  if (!wish.isMultiHost) forgetHostAddresses(model, wish.place);
  model.followServer(network);
});

function conversionRefusals(model: CloudModel, next: ModelNetwork, asked: string): string[] {
  const isOwnerDown = next.host !== null && !model.hosts.get(next.host)?.isUp;
  const servers = model.servers(next);
  const bare = servers.filter((one) => !model.hostAddresses.has(`${next.place} ${one}`));
  const isFull = model.hasHostAddresses(next) && model.free(next).length < bare.length;
  return [
    ...(isOwnerDown ? ['NetworkHostUnavailable'] : []),
    ...servers.flatMap((one) => hostRefusals(model, one, asked)),
    ...(isFull ? ['NoMoreFixedIps', 'HostSetupFailed'] : []),
  ];
}
