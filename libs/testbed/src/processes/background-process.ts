import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { waitFor } from '../wait-for.js';
import { ProgramMissing } from './debian-package.js';
import { identifyProcess, isAlive, type ProcessIdentity, signal } from './process-identity.js';
import { inNamespace } from './run-command.js';

export interface BackgroundProcessOptions {
  /** Names the files NAME.pid and NAME.log in `directory`. */
  readonly name: string;
  readonly directory: string;
  readonly argv: readonly string[];
  readonly netns?: string | undefined;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/**
 * A process that outlives the one that starts it. Its identity is kept in a file, so that any later process
 * which knows name and directory can end it, and never ends another that was given the same number.
 */
export class BackgroundProcess {
  readonly logFile: string;
  private readonly pidFile: string;

  constructor(readonly options: BackgroundProcessOptions) {
    this.logFile = join(options.directory, `${options.name}.log`);
    this.pidFile = join(options.directory, `${options.name}.pid`);
  }

  get name(): string {
    return this.options.name;
  }

  /** Who runs now; undefined when nobody does. */
  identity(): ProcessIdentity | undefined {
    let recorded: ProcessIdentity;
    try {
      recorded = JSON.parse(readFileSync(this.pidFile, 'utf8'));
    } catch {
      return undefined;
    }
    return isAlive(recorded) ? recorded : undefined;
  }

  /** Starts it unless it runs. Throws ProgramMissing. What it prints is appended to the log file. */
  async start(): Promise<void> {
    if (this.identity()) return;
    const { directory, argv, netns, env, cwd } = this.options;
    mkdirSync(directory, { recursive: true });
    const log = openSync(this.logFile, 'a');
    const [program = '', ...args] = inNamespace(netns, argv);
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    child.unref();
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) => reject(new ProgramMissing(program, { cause: error })));
    });
    const identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
    if (!identity) throw new Error(`${this.name} ended at once:\n${this.lastLogLines()}`);
    writeFileSync(`${this.pidFile}.new`, JSON.stringify(identity));
    renameSync(`${this.pidFile}.new`, this.pidFile);
  }

  /** Asks it to end (SIGTERM), insists (SIGKILL) after the grace, and returns when it is gone. */
  async stop(graceMs = 5_000): Promise<void> {
    const running = this.identity();
    if (running) {
      signal(running, 'SIGTERM');
      const isGone = () => !isAlive(running);
      await waitFor(isGone, { limitMs: graceMs, what: `${this.name} ends` }).catch(() => this.kill());
    }
    rmSync(this.pidFile, { force: true });
  }

  /** SIGKILL, and returns when it is gone. */
  async kill(): Promise<void> {
    const running = this.identity();
    if (running) {
      signal(running, 'SIGKILL');
      await waitFor(() => !isAlive(running), { limitMs: 5_000, what: `${this.name} (${running.pid}) dies` });
    }
    rmSync(this.pidFile, { force: true });
  }

  lastLogLines(count = 12): string {
    try {
      return readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
    } catch {
      return '';
    }
  }

  /** Waits until `answers` is true; fails at once, with the end of the log, when the process ends before. */
  async waitUntil(answers: () => Promise<boolean>, limitMs: number): Promise<void> {
    const outcome = await waitFor(async () => (this.identity() ? (await answers()) && 'ready' : 'ended'), {
      limitMs,
      what: `${this.name} answers (its log: ${this.logFile})`,
    });
    if (outcome === 'ended') {
      throw new Error(
        `${this.name} ended before it answered; ${this.logFile} ends with:\n${this.lastLogLines()}`,
      );
    }
  }
}
