import * as fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { CloudModel } from './cloud-model.js';
import { endEverything } from './end-everything.js';
import { addFixedIp, allocate, allocateFirst } from './steps/allocations.js';
import * as floatingIps from './steps/floating-ips.js';
import { hostFault, removeHost, timePasses } from './steps/hosts.js';
import { lease, release } from './steps/leases.js';
import { migrate } from './steps/migrations.js';
import * as networks from './steps/networks.js';
import { deallocate, deallocateFixedIp, removeFixedIp } from './steps/releases.js';
import { anyPlace } from './steps/step.js';
import { startModelCloud, type ModelCloud } from './testing/model-cloud.js';

const RUNS = Number(process.env['MODEL_RUNS'] ?? 15);
const SEED = Number(process.env['MODEL_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const hosts = ['h1', 'h2', 'h3'];

let cloud: ModelCloud;
beforeAll(async () => {
  const undo = new AsyncDisposableStack();
  cloud = await startModelCloud(hosts, undo);
  return () => undo.disposeAsync();
});

/** What there is at the beginning. */
const beginning = fc.tuple(
  networks.createNetworkIn(fc.constant(0)),
  networks.createNetworkIn(fc.constant(1)),
  networks.createNetworkIn(fc.constant(2)),
  floatingIps.growPool,
  floatingIps.growPool,
  floatingIps.allocateFloatingIp,
  floatingIps.allocateFloatingIp,
  allocateFirst(0),
  allocateFirst(1),
  allocateFirst(2),
);

/** The operations, as often as their weight says. */
const weighted = [
  [3, networks.createNetworkIn(anyPlace)],
  [1, networks.deleteNetwork],
  [1, networks.setNetworkHost],
  [1, networks.disassociateNetwork],
  [3, networks.convertNetwork],
  [12, allocate],
  [4, addFixedIp],
  [3, removeFixedIp],
  [1, deallocateFixedIp],
  [5, deallocate],
  [4, lease],
  [3, release],
  [4, migrate],
  [2, floatingIps.growPool],
  [1, floatingIps.shrinkPool],
  [3, floatingIps.allocateFloatingIp],
  [5, floatingIps.associate],
  [1, floatingIps.disassociate],
  [1, floatingIps.releaseFloatingIp],
  [3, hostFault],
  [1, removeHost],
  [1, timePasses],
] as const;

it(
  'whatever is asked in whatever order, of whichever worker, comes out as in a simple model',
  { timeout: 120_000 + RUNS * 10_000 },
  async () => {
    console.log(`MODEL_SEED=${SEED} MODEL_RUNS=${RUNS}`);
    const sequences = fc.noBias(
      fc.commands(
        weighted.flatMap(([weight, step]) => Array.from({ length: weight }, () => step)),
        { maxCommands: 60, size: 'max' },
      ),
    );
    const property = fc.asyncProperty(fc.noBias(beginning), sequences, async (first, sequence) => {
      await cloud.reset();
      const model = new CloudModel(hosts);
      for (const step of first) await step.run(model, cloud);
      await fc.asyncModelRun(() => ({ model, real: cloud }), sequence);
      await endEverything(model, cloud);
      expect(await cloud.counts()).toEqual({});
    });
    await fc.assert(property, {
      numRuns: RUNS,
      seed: SEED,
      endOnFailure: process.env['MODEL_SHRINK'] === 'no',
    });
  },
);
