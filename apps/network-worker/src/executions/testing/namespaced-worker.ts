import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OsloBroker, OsloClient, type CallOptions } from '@novanet/messaging';
import { createLogger } from '@novanet/observability';
import {
  BackgroundProcess,
  createScratchDatabase,
  freePorts,
  runCommand,
  TestNetwork,
  tryCommand,
  uniqueExchange,
} from '@novanet/testbed';
import { onTestFinished } from 'vitest';
import { openDoor } from '../../stress/testing/namespace-door.js';
import type { Servers } from '../../stress/testing/worker-cloud.js';

const program = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));
const startLimitMs = 60_000;
const interfaces = ['eth0', 'eth1', 'eth2'] as const;

type Arguments = Readonly<Record<string, unknown>>;

interface CallTo extends CallOptions {
  readonly namespace?: string;
}

/** A network worker as operators start it, alone on a host with a kernel state of its own. */
export class NamespacedWorker {
  private constructor(
    readonly client: OsloClient,
    private readonly topic: string,
    private readonly netns: string,
    private readonly place: {
      readonly env: NodeJS.ProcessEnv;
      readonly healthPort: number;
      readonly databaseUrl: string;
      readonly directory: string;
    },
    private readonly process: BackgroundProcess,
  ) {}

  /** Not started yet. The host's interfaces are eth0, which leads outside and is 192.0.2.11, eth1 and eth2. */
  static async on(servers: Servers, options: Readonly<Record<string, string>>): Promise<NamespacedWorker> {
    const scratch = await createScratchDatabase(servers.databaseUrl);
    onTestFinished(() => scratch.drop());
    const network = await TestNetwork.create(['host', 'outside']);
    onTestFinished(() => network.remove());
    const netns = network.netns('host');
    for (const device of interfaces) {
      const address = device === 'eth0' ? { address: '192.0.2.11/24' } : {};
      await network.cable({ role: 'host', device, ...address }, { role: 'outside', device });
    }
    onTestFinished(await openDoor(netns, [servers.amqpUrl, scratch.url]));
    const exchange = uniqueExchange();
    const topic = `network-${exchange}`;
    const directory = join(servers.directory, exchange);
    const [healthPort = 0] = await freePorts(1);
    const settings = {
      transport_url: servers.amqpUrl,
      database_connection: scratch.url,
      control_exchange: exchange,
      network_topic: topic,
      host: 'h1',
      my_ip: '192.0.2.11',
      public_interface: 'eth0',
      state_path: directory,
      worker_health_port: String(healthPort),
      dhcpbridge: '/bin/true',
      log_level: 'debug',
      ...options,
    };
    const foreign = Object.entries(process.env).filter(([name]) => !name.startsWith('NOVANET_'));
    const own = Object.entries(settings).map(([name, value]) => [`NOVANET_${name.toUpperCase()}`, value]);
    const env = Object.fromEntries([...foreign, ...own]);
    const argv = [process.execPath, program];
    const one = new BackgroundProcess({ name: 'worker', directory, argv, env, netns });
    onTestFinished(() => one.kill());
    const log = createLogger('test', 'fatal');
    const bus = { transportUrl: servers.amqpUrl, serviceName: 'compute', controlExchange: exchange, log };
    const client = new OsloClient({ broker: new OsloBroker(bus), timeoutMs: 60_000 });
    onTestFinished(() => client.close());
    return new NamespacedWorker(
      client,
      topic,
      netns,
      { env, healthPort, databaseUrl: scratch.url, directory },
      one,
    );
  }

  /** Its database, which is empty until it is started. */
  get databaseUrl(): string {
    return this.place.databaseUrl;
  }

  /** Where it keeps everything. */
  get directory(): string {
    return this.place.directory;
  }

  /** What a program says on its host. */
  says(...argv: readonly string[]): Promise<string> {
    return runCommand(argv, { netns: this.netns });
  }

  readonly call = (method: string, args: Arguments = {}, more: CallTo = {}) => {
    const { namespace, ...options } = more;
    const target = { topic: this.topic, version: '1.0', ...(namespace && { namespace }) };
    return this.client.call(target, method, args, options);
  };

  /** Returns when it takes requests. */
  async start(): Promise<void> {
    await this.process.start();
    const isReady = async () => (await this.page('health/ready')).exitCode === 0;
    await this.process.waitUntil(isReady, startLimitMs);
  }

  stop(): Promise<void> {
    return this.process.stop();
  }

  /** Takes everything of ours off the host, as a boot does. */
  async drain(): Promise<void> {
    await runCommand([process.execPath, program, 'drain'], { netns: this.netns, env: this.place.env });
  }

  /** The programs that were run for this work, by their names, in their order. */
  async programsOf(work: () => Promise<unknown>): Promise<string[]> {
    const before = this.executed().length;
    await work();
    return this.executed().slice(before);
  }

  /** What it says of itself: how many programs its converges have run since it was started. */
  async countedPrograms(): Promise<number> {
    const { stdout } = await this.page('metrics');
    return Number(/^novanet_host_commands_total (\d+)$/m.exec(stdout)?.[1]);
  }

  /** Every program but the two that listen to the kernel as long as the worker lives. */
  private executed(): string[] {
    if (!existsSync(this.process.logFile)) return [];
    return readFileSync(this.process.logFile, 'utf8')
      .split('\n')
      .filter((line) => line.includes('"command executed"'))
      .flatMap((line) => /"argv":\["([^"]+)"/.exec(line)?.[1] ?? [])
      .map((name) => (name === 'env' ? 'dnsmasq' : name));
  }

  /** Only a process in the namespace can ask. */
  private page(path: string) {
    const url = `http://127.0.0.1:${this.place.healthPort}/${path}`;
    return tryCommand(['curl', '-sSf', '--max-time', '2', url], { netns: this.netns });
  }
}
