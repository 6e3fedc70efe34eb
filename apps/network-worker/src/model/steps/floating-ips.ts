import * as fc from 'fast-check';
import { limits, type CloudModel, type ModelFloatingIp } from '../cloud-model.js';
import {
  anyAddress,
  anyInstance,
  anyWorker,
  ask,
  hostRefusals,
  rarely,
  steps,
  type Refusals,
  mustBe,
} from './step.js';

const floatingAddress = fc.integer({ min: 1, max: 4 }).map((number) => `172.16.0.${number}`);
const span = fc.record({ worker: anyWorker, first: fc.integer({ min: 1, max: 4 }), more: fc.nat(1) });

function addressesOf({ first, more }: { readonly first: number; readonly more: number }): string[] {
  return Array.from({ length: more + 1 }, (_, index) => `172.16.0.${first + index}`);
}

/** All of them or none. */
export const growPool = steps('grow pool', span, (wish) => async (model, cloud) => {
  const added = addressesOf(wish);
  const refusals = added.some((one) => model.floatingIps.has(one)) ? ['FloatingIpExists'] : [];
  const args = { pool: 'nova', range: `${added[0]}-${added.at(-1)}` };
  const request = { worker: model.worker(wish.worker), method: 'grow_floating_pool', args, isOurs: true };
  if (!(await ask(cloud, request, new Set(refusals)))) return;
  model.hasPool = true;
  for (const one of added) {
    model.floatingIps.set(one, { projectId: null, fixedAddress: null, host: null, releasedAt: null });
  }
});

export const shrinkPool = steps('shrink pool', span, (wish) => async (model, cloud) => {
  const gone = addressesOf(wish);
  const refusals = gone.flatMap((one) => {
    const floatingIp = model.floatingIps.get(one);
    if (!floatingIp) return 'FloatingIpNotFoundForAddress';
    if (floatingIp.fixedAddress) return 'FloatingIpAssociated';
    return floatingIp.projectId === null ? [] : 'FloatingIpAllocated';
  });
  const args = { range: `${gone[0]}-${gone.at(-1)}` };
  const request = { worker: model.worker(wish.worker), method: 'shrink_floating_pool', args, isOurs: true };
  if (await ask(cloud, request, new Set(refusals))) for (const one of gone) model.floatingIps.delete(one);
});

const project = fc.constantFrom('p0', 'p1');

/** One never used, the oldest first, else the one that was given back longest ago. */
export const allocateFloatingIp = steps(
  'allocate floating IP',
  fc.record({ worker: anyWorker, project }),
  (wish) => async (model, cloud) => {
    const all = [...model.floatingIps];
    const held = all.filter(([, { projectId }]) => projectId === wish.project).length;
    const free = all.filter(([, { projectId }]) => projectId === null);
    const [next] = free.toSorted(([, a], [, b]) => (a.releasedAt ?? -1) - (b.releasedAt ?? -1));
    const refusals = new Set<string>();
    if (held >= limits.floatingIps) refusals.add('FloatingIpLimitExceeded');
    if (!next) refusals.add('NoMoreFloatingIps');
    if (!model.hasPool) refusals.add('FloatingIpPoolNotFound');
    const args = { project_id: wish.project, auto_assigned: false, pool: 'nova' };
    const request = { worker: model.worker(wish.worker), method: 'allocate_floating_ip', args };
    const outcome = await ask(cloud, request, refusals);
    if (!outcome || !next) return;
    mustBe(outcome.answer, next[0]);
    next[1].projectId = wish.project;
  },
);

const use = fc.record({ worker: anyWorker, address: floatingAddress, user: rarely(project) });

/** nova: an administrator passes, everybody else must hold it. */
function ownerRefusals(floatingIp: ModelFloatingIp | undefined, user: string | null): string[] {
  if (!floatingIp) return ['FloatingIpNotFoundForAddress'];
  return user !== null && floatingIp.projectId !== user ? ['Forbidden'] : [];
}

interface Use {
  readonly worker: number;
  readonly address: string;
  readonly user: string | null;
}

function about(model: CloudModel, method: string, { worker: number, address: own, user }: Use) {
  return { worker: model.worker(number), method, args: { address: own }, ...(user !== null && { user }) };
}

export const releaseFloatingIp = steps('release floating IP', use, (wish) => async (model, cloud) => {
  const floatingIp = model.floatingIps.get(wish.address);
  const refusals = ownerRefusals(floatingIp, wish.user);
  if (floatingIp?.fixedAddress) refusals.push('FloatingIpAssociated');
  const outcome = await ask(cloud, about(model, 'deallocate_floating_ip', wish), new Set(refusals));
  if (!outcome || !floatingIp || floatingIp.projectId === null) return;
  model.releases += 1;
  Object.assign(floatingIp, { projectId: null, releasedAt: model.releases });
});

export const disassociate = steps('disassociate', use, (wish) => async (model, cloud) => {
  const floatingIp = model.floatingIps.get(wish.address);
  const refusals = ownerRefusals(floatingIp, wish.user);
  if (floatingIp && !floatingIp.fixedAddress) refusals.push('FloatingIpNotAssociated');
  if (await ask(cloud, about(model, 'disassociate_floating_ip', wish), new Set(refusals))) {
    Object.assign(floatingIp ?? {}, { fixedAddress: null, host: null });
  }
});

const association = fc.record({
  worker: anyWorker,
  address: floatingAddress,
  user: rarely(project),
  instance: anyInstance,
  other: rarely(anyAddress),
});

/** Whatever it stood for. The host that serves the fixed IP carries it; when that cannot, nothing has changed. */
export const associate = steps('associate', association, (wish) => async (model, cloud) => {
  const floatingIp = model.floatingIps.get(wish.address);
  const [held = '10.0.9.9'] = model.held(wish.instance);
  const fixedAddress = wish.other ?? held;
  const asked = model.worker(wish.worker);
  const refusals: Refusals = new Set([
    ...ownerRefusals(floatingIp, wish.user),
    ...(floatingIp?.projectId === null ? ['FloatingIpAssociateFailed'] : []),
    ...targetRefusals(model, fixedAddress, { asked, user: wish.user }),
  ]);
  const outcome = await ask(
    cloud,
    {
      worker: asked,
      method: 'associate_floating_ip',
      args: { floating_address: wish.address, fixed_address: fixedAddress },
      ...(wish.user !== null && { user: wish.user }),
    },
    refusals,
  );
  if (!outcome || !floatingIp) return;
  const former = model.addresses.get(floatingIp.fixedAddress ?? '');
  const isSame = floatingIp.fixedAddress === fixedAddress;
  mustBe(outcome.answer, former && !isSame ? model.instanceUuid(former.instance) : null);
  Object.assign(floatingIp, { fixedAddress, host: model.carrier(fixedAddress) });
});

function targetRefusals(
  model: CloudModel,
  fixedAddress: string,
  { asked, user }: { readonly asked: string; readonly user: string | null },
): string[] {
  const own = model.addresses.get(fixedAddress);
  if (!own?.isAllocated) return ['FixedIpNotFoundForAddress'];
  if (user !== null && model.projectOf(own.instance) !== user) return ['Forbidden'];
  const carrier = model.carrier(fixedAddress);
  return carrier === null ? ['InvalidInput'] : hostRefusals(model, carrier, asked);
}
