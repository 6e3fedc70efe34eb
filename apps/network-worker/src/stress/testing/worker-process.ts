import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BackgroundProcess, freePorts, waitFor } from '@novanet/testbed';

const program = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));
/** A start takes a second; on a machine whose processors are all busy, longer. */
const startLimitMs = 60_000;

/** A network worker as operators start it, except that it leaves the kernel alone unless it is told otherwise. */
export class WorkerProcess {
  private constructor(
    readonly host: string,
    private readonly process: BackgroundProcess,
    private readonly healthPort: number,
  ) {}

  /**
   * Not started yet.
   * @param netns whose kernel it keeps; its pages are only reached from there
   */
  static async describe(
    host: string,
    directory: string,
    options: Readonly<Record<string, string>>,
    netns?: string,
  ): Promise<WorkerProcess> {
    const [healthPort = 0] = await freePorts(1);
    const own = { host, my_ip: '192.0.2.11', fake_network: 'true', worker_health_port: String(healthPort) };
    const settings = Object.entries({ ...own, ...options }).map(
      ([name, value]) => [`NOVANET_${name.toUpperCase()}`, value] as const,
    );
    const foreign = Object.entries(process.env).filter(([name]) => !name.startsWith('NOVANET_'));
    const argv = [process.execPath, program];
    // It is started many times.
    const cache = ['NODE_COMPILE_CACHE', join(directory, 'compiled')];
    const env = Object.fromEntries([...foreign, cache, ...settings]);
    return new WorkerProcess(
      host,
      new BackgroundProcess({ name: host, directory, argv, env, netns }),
      healthPort,
    );
  }

  get isRunning(): boolean {
    return this.pid !== undefined;
  }

  get pid(): number | undefined {
    return this.process.identity()?.pid;
  }

  /** Returns when it is started, which is before it takes requests. */
  start(): Promise<void> {
    return this.process.start();
  }

  async waitUntilReady(): Promise<void> {
    await this.process.waitUntil(async () => (await this.page('health/ready')).ok, startLimitMs);
  }

  /** SIGKILL. */
  kill(): Promise<void> {
    return this.process.kill();
  }

  /** How many requests for this method it has answered since it was started. */
  async answered(method: string): Promise<number> {
    const text = await (await this.page('metrics')).text();
    const pattern = new RegExp(`^novanet_rpc_request_seconds_count{method="${method}".*} (\\d+)$`, 'gm');
    return [...text.matchAll(pattern)].reduce((sum, [, count]) => sum + Number(count), 0);
  }

  private page(path: string): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.healthPort}/${path}`);
  }
}

/** Kills one after the other at random moments, starting each again, until told to stop; then all of them run. */
export class RandomKiller {
  kills = 0;
  private isStopping = false;
  private readonly done: Promise<void>;

  constructor(
    private readonly workers: readonly WorkerProcess[],
    private readonly random: () => number,
    /** The longest pause between two kills. */
    private readonly longestMs: number,
  ) {
    this.done = this.run();
    // whoever stops us hears of it
    this.done.catch(() => undefined);
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await this.done;
    await Promise.all(this.workers.map((worker) => worker.start()));
    await Promise.all(this.workers.map((worker) => worker.waitUntilReady()));
  }

  private async run(): Promise<void> {
    while (!this.isStopping) {
      await this.pause(this.longestMs);
      const victim = this.workers[Math.floor(this.random() * this.workers.length)];
      if (!victim || this.isStopping) continue;
      await victim.kill();
      this.kills += 1;
      if (this.random() < 0.3) await this.pause(this.longestMs / 4);
      await victim.start();
    }
  }

  private async pause(longestMs: number): Promise<void> {
    const ends = performance.now() + this.random() * longestMs;
    const isOver = () => this.isStopping || performance.now() >= ends;
    await waitFor(isOver, { limitMs: longestMs * 2 + 1_000, what: 'the pause ends' });
  }
}
