import * as fc from 'fast-check';
import type { CloudModel, ModelInstance } from '../cloud-model.js';
import type { ModelCloud } from '../testing/model-cloud.js';
import { anyHost, anyInstance, anyWorker, ask, hostRefusals, steps } from './step.js';

interface Move {
  readonly number: number;
  readonly instance: ModelInstance;
  readonly source: string | null;
  readonly dest: string;
  readonly asked: string;
}

const move = fc.record({
  instance: anyInstance,
  dest: anyHost,
  worker: anyWorker,
  isCancelled: fc.boolean(),
});

/**
 * What a compute service asks for when it moves an instance: the destination is set up before the instance is there, the
 * floating IPs follow when it has arrived, the source is torn down at last. It stops where it is refused.
 */
export const migrate = steps('migrate', move, (wish) => async (model, cloud) => {
  const known = model.instances.get(wish.instance);
  const asked = model.worker(wish.worker);
  if (!known) {
    const call = setUp(model, wish.instance, { told: null, where: wish.dest });
    await ask(cloud, { worker: asked, ...call }, new Set(['InstanceNotFound']));
    return;
  }
  const course = { number: wish.instance, instance: known, source: known.host, dest: wish.dest, asked };
  if (!(await expectThere(model, cloud, course))) return;
  if (wish.isCancelled) await giveUp(model, cloud, course);
  else if (!(await arrive(model, cloud, course))) model.isUntold = true;
});

function setUp(
  model: CloudModel,
  number: number,
  { told, where, teardown = false }: { told: string | null; where: string | null; teardown?: boolean },
) {
  const uuid = model.instanceUuid(number);
  const args = { instance_id: number, instance: { uuid, host: told }, host: where, teardown };
  return { method: 'setup_networks_on_host', args };
}

/** Why the instance's networks could not be set up for it on this host. */
function refusals(model: CloudModel, { instance: { nics }, dest, asked }: Move): Set<string> {
  const reasons = [...nics.keys()].flatMap((place) => {
    const network = model.networks.get(place);
    if (!network) return [];
    const server = network.isMultiHost ? dest : (network.host ?? asked);
    const isBare = model.hasHostAddresses(network) && !model.hostAddresses.has(`${place} ${server}`);
    const isFull = isBare && model.free(network).length === 0;
    return [...hostRefusals(model, server, asked), ...(isFull ? ['NoMoreFixedIps', 'HostSetupFailed'] : [])];
  });
  return new Set(reasons);
}

async function expectThere(model: CloudModel, cloud: ModelCloud, course: Move): Promise<boolean> {
  const { number, instance: own, source, dest, asked } = course;
  const isThere = own.host === dest;
  const call = setUp(model, number, { told: source, where: dest });
  if (!(await ask(cloud, { worker: asked, ...call }, refusals(model, course)))) return false;
  if (!isThere) own.expectedOn.add(dest);
  return true;
}

/** The instance stays where it is. */
async function giveUp(
  model: CloudModel,
  cloud: ModelCloud,
  { number, instance: own, source, dest, asked }: Move,
) {
  const call = setUp(model, number, { told: source, where: dest, teardown: true });
  await ask(cloud, { worker: asked, ...call }, new Set());
  own.expectedOn.delete(dest);
}

/** Whether all of it was granted. The instance is there whatever the hosts answer. */
async function arrive(model: CloudModel, cloud: ModelCloud, course: Move): Promise<boolean> {
  const { number, instance: own, source, dest, asked } = course;
  const migration = { instance_uuid: model.instanceUuid(number), source, dest };
  const start = { worker: asked, method: 'migrate_instance_start', args: migration };
  await ask(cloud, start, new Set());
  own.host = dest;
  own.expectedOn.delete(dest);
  const call = setUp(model, number, { told: dest, where: dest });
  if (!(await ask(cloud, { worker: asked, ...call }, refusals(model, course)))) return false;
  const finish = { worker: asked, method: 'migrate_instance_finish', args: migration };
  await ask(cloud, finish, floatingIpRefusals(model, course));
  if (!moveFloatingIps(model, course)) return false;
  if (source !== null && source !== dest) {
    await giveUp(model, cloud, { ...course, dest: source, source: dest });
  }
  return true;
}

const floatingIpsOf = (model: CloudModel, number: number) =>
  [...model.floatingIps.values()].filter(
    ({ fixedAddress }) => model.addresses.get(fixedAddress ?? '')?.instance === number,
  );

function floatingIpRefusals(model: CloudModel, { number, asked }: Move): Set<string> {
  const carriers = floatingIpsOf(model, number).flatMap(
    ({ fixedAddress }) => model.carrier(fixedAddress ?? '') ?? [],
  );
  return new Set(carriers.flatMap((carrier) => hostRefusals(model, carrier, asked)));
}

/** Each by itself; one whose new host cannot carry it stays where it was. Whether all have moved. */
function moveFloatingIps(model: CloudModel, { number, asked }: Move): boolean {
  let isAll = true;
  for (const floatingIp of floatingIpsOf(model, number)) {
    const carrier = model.carrier(floatingIp.fixedAddress ?? '');
    if (carrier === null) continue;
    if (hostRefusals(model, carrier, asked).length > 0) isAll = false;
    else floatingIp.host = carrier;
  }
  return isAll;
}
