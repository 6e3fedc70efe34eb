import {
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { ProgramMissing } from '../processes/debian-package.js';
import {
  CommandFailed,
  type CommandOptions,
  type CommandResult,
  inNamespace,
} from '../processes/run-command.js';
import { waitFor } from '../wait-for.js';

/** A program that was started under a kernel of its own. */
export interface KernelProgram {
  /** What it has printed so far, then what it has complained of. */
  output(): string;
  /** Undefined while it runs. */
  exitCode(): number | undefined;
  /** To it and its children; returns when it ended. */
  end(signal: 'SIGTERM' | 'SIGKILL', limitMs?: number): Promise<number>;
}

const standardPath = '/usr/sbin:/usr/bin:/sbin:/bin';

/** What a kernel's agent is told to do, through files. See {@link kernelAgent}. */
export class KernelOrders {
  private last = 0;

  /** @param isAlive whether there is still somebody to carry orders out */
  constructor(
    private readonly folder: string,
    private readonly isAlive: () => boolean,
  ) {}

  /** Runs a program to its end, whatever its exit code. Throws ProgramMissing. */
  async carryOut(argv: readonly string[], options: CommandOptions): Promise<CommandResult> {
    const order = this.place(argv, options);
    const limitMs = options.timeoutMs ?? 60_000;
    const exitCode = await this.awaitEnd(order, argv, limitMs).catch(async (error: unknown) => {
      if (this.isAlive()) await this.end(order, argv, 'SIGKILL', 10_000);
      throw error;
    });
    const [stdout, stderr] = outputOf(order);
    rmSync(order, { recursive: true });
    if (exitCode === 255 && stderr.includes('exec of')) throw new ProgramMissing(argv[0] ?? '');
    return { exitCode, stdout, stderr };
  }

  /** Starts a program and leaves it running. */
  start(argv: readonly string[], options: CommandOptions): KernelProgram {
    const order = this.place(argv, options);
    return {
      output: () => outputOf(order).join(''),
      exitCode: () => statusOf(order),
      end: (signal, limitMs = 10_000) => this.end(order, argv, signal, limitMs),
    };
  }

  private place(argv: readonly string[], { netns, env, input }: CommandOptions): string {
    this.last += 1;
    const draft = join(this.folder, `.${this.last}`);
    const order = join(this.folder, String(this.last));
    mkdirSync(draft);
    const variables = Object.entries({ PATH: standardPath, LANG: 'C.UTF-8', ...env });
    writeFileSync(join(draft, 'argv'), inNamespace(netns, argv).join('\0'));
    writeFileSync(join(draft, 'env'), variables.map(([name, value]) => `${name}=${value}`).join('\0'));
    writeFileSync(join(draft, 'input'), input ?? '');
    renameSync(draft, order);
    return order;
  }

  private async end(
    order: string,
    argv: readonly string[],
    signal: 'SIGTERM' | 'SIGKILL',
    limitMs: number,
  ): Promise<number> {
    const ended = statusOf(order);
    if (ended !== undefined) return ended;
    symlinkSync(signal.replace(/^SIG/, ''), join(order, 'signal'));
    return this.awaitEnd(order, argv, limitMs);
  }

  private async awaitEnd(order: string, argv: readonly string[], limitMs: number): Promise<number> {
    const outcome = await waitFor(
      () => {
        const exitCode = statusOf(order);
        if (exitCode !== undefined) return { exitCode };
        return !this.isAlive() && 'the kernel ended';
      },
      { limitMs, everyMs: 5, what: `"${argv.join(' ')}" ends` },
    );
    if (outcome === 'the kernel ended') throw new CommandFailed(argv, 255, outcome, undefined);
    return outcome.exitCode;
  }
}

function outputOf(order: string): [stdout: string, stderr: string] {
  const read = (name: string) => {
    const file = join(order, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  return [read('stdout'), read('stderr')];
}

function statusOf(order: string): number | undefined {
  try {
    return Number(readlinkSync(join(order, 'status')));
  } catch {
    return undefined;
  }
}
