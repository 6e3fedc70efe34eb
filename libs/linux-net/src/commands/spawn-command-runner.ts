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
import type { ProgramStarter } from './program-starter.js';
import { type Ending, type ProgramInput, startProgram } from './start-program.js';

/** What a pino logger offers; any logger of this form will do. */
export interface CommandLog {
  debug(fields: object, message: string): void;
}

const DEFAULT_TIMEOUT_MS = 30_000;

/** So long a program that was started ahead waits for its input. */
const LONGEST_WAIT_MS = 2000;

/** A program that waits for its input. */
interface Prepared {
  readonly feed: (stdin: string) => void;
  readonly ending: Promise<Ending>;
}

/** What a process did is told at once: nobody asks for older ones. */
const REMEMBERED_PIDS = 256;

/** Runs programs as child processes and logs each with its duration. */
export class SpawnCommandRunner implements CommandRunner, ProgramFollower {
  private count = 0;
  private readonly pids = new Set<number>();
  private readonly prepared = new Map<string, Prepared>();
  private readonly environment: Readonly<NodeJS.ProcessEnv>;

  /**
   * @param options.netns a named network namespace to run everything in; a worker runs in its host's own and gives none
   * @param options.starter starts them; absent: this process itself
   * @param options.env added to this process's environment; LC_ALL is always C, because messages are read
   */
  constructor(
    private readonly options: {
      readonly log?: CommandLog;
      readonly netns?: string;
      readonly starter?: ProgramStarter;
      readonly env?: Readonly<Record<string, string>>;
    } = {},
  ) {
    this.environment = { ...process.env, ...options.env, LC_ALL: 'C' };
  }

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

  prepare(command: Omit<Command, 'stdin'>): void {
    const key = keyOf(command);
    if (this.prepared.has(key)) return;
    this.count += 1;
    const { promise, resolve: feed } = Promise.withResolvers<string>();
    const prepared = { feed, ending: this.spawn(this.inNamespace(command.argv), command, promise) };
    this.prepared.set(key, prepared);
    const leave = () => {
      if (this.prepared.get(key) === prepared) this.prepared.delete(key);
      feed('');
    };
    setTimeout(leave, LONGEST_WAIT_MS).unref();
    void prepared.ending.then(leave);
  }

  async run(command: Command): Promise<CommandResult> {
    const { netns } = this.options;
    const argv = this.inNamespace(command.argv);
    const startedAt = performance.now();
    const { exitCode, stdout, stderr } = await (this.feed(command) ?? this.spawnCounted(argv, command));
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

  private inNamespace(argv: Command['argv']): Command['argv'] {
    const { netns } = this.options;
    return netns === undefined ? argv : ['ip', 'netns', 'exec', netns, ...argv];
  }

  private remember(pid: number): void {
    this.pids.add(pid);
    const [oldest] = this.pids;
    if (this.pids.size > REMEMBERED_PIDS && oldest !== undefined) this.pids.delete(oldest);
  }

  /** Gives the input to a program that waits for it. Undefined: none does. */
  private feed(command: Command): Promise<Ending> | undefined {
    const key = keyOf(command);
    const prepared = this.prepared.get(key);
    this.prepared.delete(key);
    prepared?.feed(command.stdin ?? '');
    return prepared?.ending;
  }

  private spawnCounted(argv: Command['argv'], command: Command): Promise<Ending> {
    this.count += 1;
    return this.spawn(argv, command);
  }

  private spawn(
    argv: Command['argv'],
    { stdin, timeoutMs }: Command,
    input: ProgramInput = stdin ?? '',
  ): Promise<Ending> {
    const start = { argv, limitMs: timeoutMs ?? DEFAULT_TIMEOUT_MS, env: this.environment };
    const started = (pid: number) => this.remember(pid);
    return this.options.starter?.start(start, input, started) ?? startProgram(start, input, started);
  }
}

function keyOf({ argv }: Command): string {
  return argv.join('\0');
}

function readIfAllowed(path: string): string | undefined {
  try {
    return readIfExists(path);
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
