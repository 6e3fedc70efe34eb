import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { isForbidden, isMissing, readIfExists } from '../files/replace-file.js';
import {
  type Command,
  CommandFailed,
  type CommandResult,
  type CommandRunner,
  type FollowedProgram,
  type ProgramFollower,
  type ProgramListener,
} from './command-runner.js';

/** What a pino logger offers; any logger of this form will do. */
export interface CommandLog {
  debug(fields: object, message: string): void;
}

const DEFAULT_TIMEOUT_MS = 30_000;

/** What a process did is told at once: nobody asks for older ones. */
const REMEMBERED_PIDS = 256;

interface Ending {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs programs as child processes and logs each with its duration. */
export class SpawnCommandRunner implements CommandRunner, ProgramFollower {
  private count = 0;
  private readonly pids = new Set<number>();

  /**
   * @param options.netns a named network namespace to run everything in; a worker runs in its host's own and gives none
   * @param options.env added to this process's environment; LC_ALL is always C, because messages are read
   */
  constructor(
    private readonly options: {
      readonly log?: CommandLog;
      readonly netns?: string;
      readonly env?: Readonly<Record<string, string>>;
    } = {},
  ) {}

  get executed(): number {
    return this.count;
  }

  get networkNamespace(): string | undefined {
    const { netns } = this.options;
    return netns === undefined ? undefined : `/run/netns/${netns}`;
  }

  hasStarted(pid: number): boolean {
    return this.pids.has(pid);
  }

  follow(argv: Command['argv'], listener: ProgramListener): FollowedProgram {
    // Not even SIGKILL for us leaves it behind.
    const [program, ...args] = this.inNamespace(['setpriv', '--pdeathsig', 'KILL', ...argv]);
    this.options.log?.debug({ argv, netns: this.options.netns }, 'command followed');
    const child = spawn(program, args, { env: this.environment, stdio: ['ignore', 'pipe', 'pipe'] });
    const hear = (input: Readable) => createInterface({ input }).on('line', (text) => listener.line(text));
    hear(child.stdout);
    hear(child.stderr);
    const { promise, resolve } = Promise.withResolvers<string>();
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(`it ended with ${signal ?? String(code)}`));
    void promise.then((reason) => listener.ended(reason));
    return { pid: child.pid, stop: () => void child.kill('SIGKILL') };
  }

  async run(command: Command): Promise<CommandResult> {
    const { netns } = this.options;
    const argv = this.inNamespace(command.argv);
    this.count += 1;
    const startedAt = performance.now();
    const { exitCode, stdout, stderr } = await this.spawn(argv, command);
    const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
    this.options.log?.debug({ argv: command.argv, netns, exitCode, durationMs }, 'command executed');
    if (exitCode === null || !(command.allowedExitCodes ?? [0]).includes(exitCode)) {
      throw new CommandFailed(argv, exitCode, stderr);
    }
    return { exitCode, stdout, stderr };
  }

  /** In another namespace a program stands in for the file; it is none that a worker runs, and not counted. */
  async readKernelFile(path: string): Promise<string | undefined> {
    if (this.options.netns === undefined) return readIfAllowed(path);
    const { exitCode, stdout } = await this.spawn(this.inNamespace(['cat', path]), { argv: ['cat', path] });
    return exitCode === 0 ? stdout : undefined;
  }

  async writeKernelFile(path: string, text: string): Promise<boolean> {
    if (this.options.netns === undefined) return writeIfExists(path, text);
    if ((await this.readKernelFile(path)) === undefined) return false;
    const argv = ['tee', path] as const;
    const { exitCode, stderr } = await this.spawn(this.inNamespace(argv), { argv, stdin: text });
    if (exitCode !== 0) throw new Error(stderr.trim());
    return true;
  }

  private get environment(): NodeJS.ProcessEnv {
    return { ...process.env, ...this.options.env, LC_ALL: 'C' };
  }

  private inNamespace(argv: Command['argv']): Command['argv'] {
    const { netns } = this.options;
    return netns === undefined ? argv : ['ip', 'netns', 'exec', netns, ...argv];
  }

  private remember(pid: number | undefined): void {
    if (pid === undefined) return;
    this.pids.add(pid);
    const [oldest] = this.pids;
    if (this.pids.size > REMEMBERED_PIDS && oldest !== undefined) this.pids.delete(oldest);
  }

  private spawn(argv: Command['argv'], { stdin, timeoutMs }: Command): Promise<Ending> {
    const [program, ...args] = argv;
    const limit = timeoutMs ?? DEFAULT_TIMEOUT_MS;
    return new Promise((resolve) => {
      const child = spawn(program, args, { env: this.environment });
      this.remember(child.pid);
      const stdout: Buffer[] = [];
      const stderr: Buffer[] = [];
      const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString('utf8');
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        child.kill('SIGKILL');
        // A grandchild may hold the pipes open for ever.
        child.stdout.destroy();
        child.stderr.destroy();
      }, limit);
      child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
      child.on('error', (error) => {
        clearTimeout(timer);
        resolve({ exitCode: null, stdout: '', stderr: error.message });
      });
      child.on('close', (exitCode) => {
        clearTimeout(timer);
        const note = isLate ? `killed after ${limit} ms` : text(stderr);
        resolve({ exitCode: isLate ? null : exitCode, stdout: text(stdout), stderr: note });
      });
      // The program may end without reading its input; its exit code tells.
      child.stdin.on('error', () => undefined);
      child.stdin.end(stdin ?? '');
    });
  }
}

async function readIfAllowed(path: string): Promise<string | undefined> {
  try {
    return await readIfExists(path);
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

/** Never makes a file. */
async function writeIfExists(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: constants.O_WRONLY });
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
