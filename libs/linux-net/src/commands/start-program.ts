import { spawn } from 'node:child_process';

/** A program to start. What it needs crosses the border between two processes. */
export interface ProgramStart {
  readonly argv: readonly [program: string, ...args: string[]];
  /** The program is killed after this time. */
  readonly limitMs: number;
  readonly env: Readonly<NodeJS.ProcessEnv>;
}

/** `exitCode` null: it was killed, or never started; stderr says which. */
export interface Ending {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a program is given to read. It is started at once, also when that has yet to be found out. */
export type ProgramInput = string | Promise<string>;

/**
 * Starts a program as a child of this process.
 * @param started told of its pid at once, when it has one
 */
export function startProgram(
  { argv: [program, ...args], limitMs, env }: ProgramStart,
  stdin: ProgramInput,
  started: (pid: number) => void,
): Promise<Ending> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env });
    if (child.pid !== undefined) started(child.pid);
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
    }, limitMs);
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ exitCode: null, stdout: '', stderr: error.message });
    });
    child.on('close', (exitCode) => {
      clearTimeout(timer);
      const note = isLate ? `killed after ${limitMs} ms` : text(stderr);
      resolve({ exitCode: isLate ? null : exitCode, stdout: text(stdout), stderr: note });
    });
    // The program may end without reading its input; its exit code tells.
    child.stdin.on('error', () => undefined);
    if (typeof stdin === 'string') child.stdin.end(stdin);
    else void stdin.then((input) => child.stdin.end(input));
  });
}
