import { createLogger } from '@novanet/observability';
import { createIpam, openDatabase, type Ipam } from '@novanet/persistence';
import { createScratchDatabase, uniqueExchange } from '@novanet/testbed';
import { startTestWorker, type TestWorker } from './test-worker.js';

export const log = createLogger('test', 'error');

/** A database and a place on the broker of its own for one test file. */
export interface TestCloud {
  readonly databaseUrl: string;
  readonly transportUrl: string;
  readonly exchange: string;
  readonly topic: string;
  readonly ipam: Ipam;
  startWorker(): Promise<TestWorker>;
  remove(): Promise<void>;
}

export async function createTestCloud(servers: { databaseUrl: string; amqpUrl: string }): Promise<TestCloud> {
  const scratch = await createScratchDatabase(servers.databaseUrl);
  const database = await openDatabase({ url: scratch.url, poolSize: 4, signal: AbortSignal.timeout(20_000) });
  const ipam = createIpam(database);
  const bus = { transportUrl: servers.amqpUrl, exchange: uniqueExchange(), topic: uniqueExchange() };
  return {
    databaseUrl: scratch.url,
    ...bus,
    ipam,
    startWorker: () => startTestWorker(ipam, bus, log),
    async remove() {
      await database.close();
      await scratch.drop();
    },
  };
}
