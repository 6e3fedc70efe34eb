import { join } from 'node:path';

import { freePorts } from '@novanet/testbed';

import { type NodeService, startNodeService } from './node-service.js';
import { runFolder } from './run-folder.js';

/** What a worker leans on. */
export interface Backing {
  readonly amqpUrl: string;
  readonly databaseUrl: string;
}

/** Options of the worker by their names in the environment. */
export type WorkerOptions = Readonly<Record<`NOVANET_${string}`, string>>;

export interface WorkerService extends NodeService {
  readonly options: WorkerOptions;
  /** Programs that it has run on its host since it started. */
  programsRun(): Promise<number>;
}

export const workerProgram = 'apps/network-worker/dist/main.js';

/** A network worker as operators start it, but for the options that are given. */
export async function startWorker(
  { amqpUrl, databaseUrl }: Backing,
  given: WorkerOptions,
): Promise<WorkerService> {
  const [healthPort] = await freePorts(1);
  const url = `http://127.0.0.1:${healthPort}`;
  const options: WorkerOptions = {
    NOVANET_HOST: 'bench',
    NOVANET_TRANSPORT_URL: amqpUrl,
    NOVANET_DATABASE_CONNECTION: databaseUrl,
    NOVANET_NETWORK_MANAGER: 'nova.network.manager.FlatDHCPManager',
    NOVANET_FLAT_NETWORK_BRIDGE: 'br100',
    NOVANET_STATE_PATH: join(runFolder, 'worker/state'),
    NOVANET_WORKER_HEALTH_PORT: String(healthPort),
    ...given,
  };
  const service = await startNodeService({
    name: 'worker',
    program: workerProgram,
    env: options,
    isReady: async () => (await fetch(`${url}/health/ready`)).ok,
  });
  const programsRun = async () => {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    return Number(/^novanet_host_commands_total (\d+)$/m.exec(metrics)?.[1]);
  };
  return Object.assign(service, { options, programsRun });
}

/** It leaves the kernel alone. */
export const withoutDataplane: WorkerOptions = {
  NOVANET_MY_IP: '127.0.0.1',
  NOVANET_FAKE_NETWORK: 'true',
};
