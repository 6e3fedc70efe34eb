import { spawn } from 'node:child_process';

import { ProgramMissing } from './debian-package.js';

export interface CommandOptions {
  /** The network namespace to run in; none: the one of this process. */
  readonly netns?: string | undefined;
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Default 30 s. */
  readonly timeoutMs?: number;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command ended with another exit code than 0, or not in time. */
export class CommandFailed extends Error {
  constructor(
    readonly argv: readonly string[],
    readonly exitCode: number,
    readonly complaint: string,
    readonly netns: string | undefined,
  ) {
    const where = netns ? ` in ${netns}` : '';
    super(`"${argv.join(' ')}"${where} ended with ${exitCode}: ${complaint.trim() || 'no message'}`);
    this.name = 'CommandFailed';
  }
}

/** The words that start `argv` in a network namespace, or here when none is named. */
export function inNamespace(netns: string | undefined, argv: readonly string[]): string[] {
  return netns ? ['ip', 'netns', 'exec', netns, ...argv] : [...argv];
}

/** Runs a program, without a shell, to its end, whatever its exit code. Throws ProgramMissing. */
export function tryCommand(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [program = '', ...args] = inNamespace(options.netns, argv);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      timeout: options.timeoutMs ?? 30_000,
      killSignal: 'SIGKILL',
    });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => (output[name] += text));
    }
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? new ProgramMissing(program) : error),
    );
    child.on('close', (code, killedBy) => {
      // `ip netns exec` reports a missing program only in its message.
      if (code === 255 && output.stderr.includes('exec of')) return reject(new ProgramMissing(argv[0] ?? ''));
      resolve({ ...output, exitCode: code ?? (killedBy ? 128 : 1) });
    });
    // A program that does not read its input is no error of ours.
    child.stdin.on('error', () => undefined).end(options.input ?? '');
  });
}

/** Runs a program to its end and returns what it wrote to stdout. Throws CommandFailed, ProgramMissing. */
export async function runCommand(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const result = await tryCommand(argv, options);
  if (result.exitCode !== 0) {
    // Some programs complain on stdout.
    throw new CommandFailed(argv, result.exitCode, result.stderr.trim() || result.stdout, options.netns);
  }
  return result.stdout;
}
