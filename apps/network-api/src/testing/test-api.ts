import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings } from '@novanet/config';
import { OsloBroker, OsloClient } from '@novanet/messaging';
import { managerTraits } from '@novanet/network-managers';
import type { Ipam } from '@novanet/persistence';
import { BackgroundProcess, freePorts } from '@novanet/testbed';
import { createApp } from '../create-app.js';
import { CloudDatabase } from '../database/cloud-database.js';
import type { NetworkApiParts } from '../network-api.module.js';
import { NetworkWorkers } from '../workers/network-workers.js';
import { standardParts } from './standard-parts.js';
import { AnswerCheck } from './answer-check.js';
import { createTestCloud, log } from './test-cloud.js';

const workerProgram = join(import.meta.dirname, '../../../network-worker/dist/main.js');

/** The tests know what they ask for. */
export type Json = ReturnType<typeof JSON.parse>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined: it is empty. */
  readonly body: Json;
}

/** Who asks: `noauth2`'s token. */
export const ADMIN = 'admin:admin';

export interface AskOptions {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The API, as whoever has a token sees it, before a database of its own and a network worker as operators start it, which
 * leaves the kernel alone (`fake_network`).
 */
export class TestApi {
  private constructor(
    readonly ipam: Ipam,
    readonly url: string,
    /** The worker's configuration, by the names of variables. */
    readonly environment: Readonly<Record<string, string>>,
    private readonly inside: {
      readonly workers: NetworkWorkers;
      readonly answers: AnswerCheck;
      readonly undo: AsyncDisposableStack;
    },
  ) {}

  /**
   * @param options of the worker, by nova's names
   * @param own what of the API is not as usual
   */
  static async create(
    servers: { readonly databaseUrl: string; readonly amqpUrl: string },
    options: Readonly<Record<string, string>> = {},
    own: Partial<NetworkApiParts> = {},
  ): Promise<TestApi> {
    const undo = new AsyncDisposableStack();
    try {
      const cloud = await createTestCloud(servers);
      undo.defer(() => cloud.remove());
      const directory = mkdtempSync(join(tmpdir(), 'novanet-test-api-'));
      undo.defer(async () => rmSync(directory, { recursive: true, force: true }));
      const environment = environmentOf(directory, {
        database_connection: cloud.databaseUrl,
        transport_url: cloud.transportUrl,
        control_exchange: cloud.exchange,
        network_topic: cloud.topic,
        ...options,
      });
      await startWorker(environment, undo);
      const database = new CloudDatabase(cloud.databaseUrl, log);
      const bus = { transportUrl: cloud.transportUrl, controlExchange: cloud.exchange };
      const broker = new OsloBroker({ ...bus, serviceName: 'test-api', log });
      const workers = new NetworkWorkers(new OsloClient({ broker, timeoutMs: 20_000 }), cloud.topic);
      const traits = managerTraits(loadSettings({ argv: [], env: environment }));
      const app = await createApp({ database, workers, ...standardParts, traits, ...own }, log);
      undo.defer(() => app.close());
      const answers = new AnswerCheck(app.getHttpServer());
      undo.defer(() => answers.throwProblems());
      await app.listen(0, '127.0.0.1');
      await workers.connect();
      await database.open();
      return new TestApi(cloud.ipam, await app.getUrl(), environment, { workers, answers, undo });
    } catch (error) {
      await undo.disposeAsync();
      throw error;
    }
  }

  /**
   * Throws if the answer is not as docs/openapi.json describes it.
   * @param body a text is sent as it is
   */
  async ask(
    method: string,
    path: string,
    body?: unknown,
    { token = ADMIN, headers }: AskOptions = {},
  ): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        'x-auth-token': token,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: typeof body === 'string' ? body : (JSON.stringify(body) ?? null),
    });
    const text = await response.text();
    this.inside.answers.throwProblems();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
  }

  /** What a compute service asks a worker, or what this API has no route for. */
  tellWorker(method: string, args: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.inside.workers.call(
      { userId: null, projectId: null, roles: ['admin'], isAdmin: true },
      method,
      args,
    );
  }

  /** Another host, with a worker like that of h1. */
  async addHost(host: string): Promise<BackgroundProcess> {
    const state = join(this.environment['NOVANET_STATE_PATH'] ?? '', host);
    return startWorker(
      { ...this.environment, NOVANET_HOST: host, NOVANET_STATE_PATH: state },
      this.inside.undo,
    );
  }

  async remove(): Promise<void> {
    await this.inside.undo.disposeAsync();
  }
}

function environmentOf(
  directory: string,
  options: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const own = {
    host: 'h1',
    my_ip: '192.0.2.11',
    fake_network: 'true',
    network_manager: 'FlatDHCPManager',
    flat_network_bridge: 'br100',
    state_path: join(directory, 'state'),
    log_level: 'warn',
  };
  const named = Object.entries({ ...own, ...options });
  return Object.fromEntries(named.map(([name, value]) => [`NOVANET_${name.toUpperCase()}`, value]));
}

async function startWorker(
  environment: Readonly<Record<string, string>>,
  undo: AsyncDisposableStack,
): Promise<BackgroundProcess> {
  const [healthPort] = await freePorts(1);
  const directory = mkdtempSync(join(tmpdir(), 'novanet-test-worker-'));
  undo.defer(async () => rmSync(directory, { recursive: true, force: true }));
  const worker = new BackgroundProcess({
    name: 'network-worker',
    directory,
    argv: [process.execPath, workerProgram],
    env: { ...process.env, ...environment, NOVANET_WORKER_HEALTH_PORT: String(healthPort) },
  });
  await worker.start();
  undo.defer(() => worker.stop());
  await worker.waitUntil(async () => (await fetch(`http://127.0.0.1:${healthPort}/health/ready`)).ok, 60_000);
  return worker;
}
