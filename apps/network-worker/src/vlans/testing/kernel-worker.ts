import { fileURLToPath } from 'node:url';
import {
  type CommandResult,
  type KernelHost,
  type KernelProgram,
  tryCommand,
  waitFor,
} from '@novanet/testbed';

const program = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));
/** A start takes five seconds under a kernel of its own; on a machine whose processors are all busy, much longer. */
const startLimitMs = 90_000;
const healthPort = 9701;

interface WorkerPlace {
  readonly kernel: KernelHost;
  readonly managementAddress: string;
  /** The namespace of the switch. */
  readonly netns: string;
  readonly options: Readonly<Record<string, string>>;
}

/** The network worker of a host that has a kernel of its own, as operators start it. */
export class KernelWorker {
  private process: KernelProgram | undefined;

  constructor(private readonly place: WorkerPlace) {}

  /** Returns when it takes requests. */
  async start(): Promise<void> {
    const { kernel, managementAddress, netns } = this.place;
    const worker = kernel.program([process.execPath, program], { env: this.environment() });
    this.process = worker;
    const argv = ['curl', '-sf', '--max-time', '2', `http://${managementAddress}:${healthPort}/health/ready`];
    const outcome = await waitFor(
      async () => {
        if (worker.exitCode() !== undefined) return 'ended';
        return (await tryCommand(argv, { netns })).exitCode === 0 && 'ready';
      },
      { limitMs: startLimitMs, everyMs: 200, what: `the worker of ${kernel.name} is ready` },
    ).catch((error: unknown) => String(error));
    if (outcome !== 'ready') throw new Error(`${outcome}; the log of ${kernel.name}:\n${this.log()}`);
  }

  /** In good order, with its dataplane left as it is. */
  async stop(): Promise<void> {
    await this.process?.end('SIGTERM', 20_000);
  }

  /** Takes everything of the worker's off the host. */
  drain(): Promise<CommandResult> {
    return this.place.kernel.try([process.execPath, program, 'drain'], { env: this.environment() });
  }

  log(): string {
    return this.process?.output() ?? '';
  }

  private environment(): NodeJS.ProcessEnv {
    const { kernel, managementAddress, options } = this.place;
    const own = {
      host: kernel.name,
      my_ip: managementAddress,
      // Not on the disk, where dnsmasq would not hear of new files.
      state_path: '/run/novanet',
      health_listen: '0.0.0.0',
      worker_health_port: String(healthPort),
    };
    return Object.fromEntries(
      Object.entries({ ...own, ...options }).map(([name, value]) => [`NOVANET_${name.toUpperCase()}`, value]),
    );
  }
}
