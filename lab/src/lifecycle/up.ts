import { copyFileSync, rmSync, writeFileSync } from 'node:fs';

import { identifyProcess } from '@novanet/testbed';

import { type WantedPorts, startRelay } from '../network/relay-process.js';
import { buildFlatBridges, buildTopology } from '../network/topology.js';
import {
  type CloudOptions,
  renderApiConfiguration,
  renderCloudConfiguration,
  renderHostConfiguration,
} from '../plan/configuration.js';
import { LabError } from '../plan/lab-error.js';
import { type LabPlan, planLab } from '../plan/lab-plan.js';
import { backingServer, outsideServer } from '../services/backing.js';
import { apiService, dhcpbridgeProgram, hostService, hostServiceNames } from '../services/service.js';
import { LabFolder } from '../state/lab-folder.js';
import { withLabLock } from '../state/lab-lock.js';
import { isAbandoned, type LabState, urlsOf } from '../state/lab-state.js';
import type { OpenLab } from '../state/open-lab.js';
import type { Progress } from '../terminal/progress.js';
import { refuseForeign, sweep } from './down.js';
import { createFirstNetwork } from './first-network.js';

export interface UpOptions {
  readonly name: string;
  readonly hostCount: number;
  readonly cloud: CloudOptions;
  /** Create the network `private` and a pool of floating IPs. */
  readonly withNetwork: boolean;
  readonly configFile: string | undefined;
  readonly ports: WantedPorts;
}

/**
 * Builds a lab; cleans up first what a killed run of the same name left. The calling process owns it until it
 * gives it away with {@link disown}. Throws LabError when such a lab is up.
 */
export async function bringUp(options: UpOptions, progress: Progress): Promise<OpenLab> {
  const plan = planLab(options.name, options.hostCount);
  const folder = new LabFolder(options.name);
  const state = await claim(folder, options, progress);
  await progress.step(`network namespaces: ${options.hostCount} host(s), switch, outside`, async () => {
    await buildTopology(plan, folder.path);
    if (options.cloud.manager === 'flat') await buildFlatBridges(plan);
  });
  const ports = await startRelay(plan, folder, options.ports);
  const started: LabState = { ...state, ports };
  folder.save(started);
  writeConfiguration(folder, plan, options);
  await progress.step('broker and database', () => startBacking(folder, plan));
  await progress.step('api, worker, dhcpbridge and metadata', () => startServices(folder, plan));
  const lab = { folder, plan, state: { ...started, isComplete: true }, urls: urlsOf(started) };
  if (options.withNetwork) await createFirstNetwork(lab, progress);
  folder.save(lab.state);
  return lab;
}

/** Leaves a lab running when this process ends. */
export function disown({ folder, state }: OpenLab): void {
  folder.save({ ...state, owner: null });
}

/** Makes the lab's name ours, and free of what an earlier run left. Throws LabError. */
async function claim(folder: LabFolder, options: UpOptions, progress: Progress): Promise<LabState> {
  const state: LabState = {
    name: options.name,
    hostCount: options.hostCount,
    cloud: options.cloud,
    ports: { amqp: 0, database: 0, api: 0 },
    owner: identifyProcess(process.pid) ?? null,
    isComplete: false,
  };
  await withLabLock(folder.name, async () => {
    refuseRunning(folder);
    await refuseForeign(folder);
    if (folder.find()) {
      progress.say(`Lab "${folder.name}" was not taken down properly last time: cleaning up.`);
    }
    await sweep(folder);
    folder.clear();
    rmSync(folder.at('log'), { recursive: true, force: true });
    folder.create(state);
  });
  return state;
}

function refuseRunning(folder: LabFolder): void {
  const state = folder.find();
  if (!state || isAbandoned(state)) return;
  throw new LabError(
    `lab "${folder.name}" is up already: npm run lab -- status --lab ${folder.name} shows it, ` +
      `npm run lab -- down --lab ${folder.name} ends it.`,
  );
}

function writeConfiguration(folder: LabFolder, plan: LabPlan, { cloud, configFile }: UpOptions): void {
  const paths = { stateDirectory: folder.at('state'), dhcpbridge: dhcpbridgeProgram };
  writeFileSync(folder.at('novanet.conf'), renderCloudConfiguration(plan, cloud));
  writeFileSync(folder.at('api.conf'), renderApiConfiguration(plan, paths));
  for (const host of plan.hosts)
    writeFileSync(folder.at(`${host.name}.conf`), renderHostConfiguration(host, paths));
  if (configFile === undefined) return;
  try {
    copyFileSync(configFile, folder.at('extra.conf'));
  } catch (error) {
    throw new LabError(`the file given with --config cannot be read: ${configFile}.`, { cause: error });
  }
}

async function startBacking(folder: LabFolder, plan: LabPlan): Promise<void> {
  const [broker, database] = await Promise.all([
    backingServer(folder, plan, 'broker'),
    backingServer(folder, plan, 'database'),
  ]);
  await Promise.all([broker.start(), database.start(), outsideServer(folder, plan).start()]);
}

async function startServices(folder: LabFolder, plan: LabPlan): Promise<void> {
  const ofHosts = plan.hosts.flatMap((host) =>
    hostServiceNames.map((name) => hostService(folder, host, name)),
  );
  await Promise.all([apiService(folder, plan), ...ofHosts].map((service) => service.start()));
}
