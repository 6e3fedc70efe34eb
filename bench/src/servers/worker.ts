import { join } from 'node:path';

import { freePorts } from '@novanet/testbed';

import { type NodeService, startNodeService } from './node-service.js';
import { runFolder } from './run-folder.js';

/** What a worker leans on. */
export interface Backing {
  readonly amqpUrl: string;
  readonly databaseUrl: string;
}

/** A network worker as operators start it, except that it leaves the kernel alone. */
export async function startWorker({ amqpUrl, databaseUrl }: Backing): Promise<NodeService> {
  const [healthPort] = await freePorts(1);
  return startNodeService({
    name: 'worker',
    program: 'apps/network-worker/dist/main.js',
    env: {
      NOVANET_HOST: 'bench',
      NOVANET_MY_IP: '127.0.0.1',
      NOVANET_TRANSPORT_URL: amqpUrl,
      NOVANET_DATABASE_CONNECTION: databaseUrl,
      NOVANET_NETWORK_MANAGER: 'nova.network.manager.FlatDHCPManager',
      NOVANET_FLAT_NETWORK_BRIDGE: 'br100',
      NOVANET_FAKE_NETWORK: 'true',
      NOVANET_STATE_PATH: join(runFolder, 'worker/state'),
      NOVANET_WORKER_HEALTH_PORT: String(healthPort),
    },
    isReady: async () => (await fetch(`http://127.0.0.1:${healthPort}/health/ready`)).ok,
  });
}
