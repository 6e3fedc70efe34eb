import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { signal, identifyProcess } from '@novanet/testbed';

import { BenchError } from '../terminal/bench-error.js';
import type { Round } from '../figures/speed.js';
import { checkout, recordProcess } from '../servers/run-folder.js';

const script = join(checkout, 'bench/python/rpc_callers.py');
/** Debian's, for which python3-oslo.messaging is installed; another python3 on the path has no such package. */
const python = '/usr/bin/python3';

/** Calls of one method, with different arguments. */
export interface Job {
  readonly topic: string;
  readonly version: string;
  readonly method: string;
  readonly calls: readonly Readonly<Record<string, unknown>>[];
}

interface PartialRound {
  readonly started: number;
  readonly finished: number;
  readonly latencies: readonly number[];
  readonly errors: readonly string[];
}

/**
 * Callers with Python's oslo.messaging, in more than one process: a single one has one processor at most, and
 * would be what is measured.
 */
export class PythonCallers {
  private constructor(private readonly processes: readonly CallerProcess[]) {}

  static start(amqpUrl: string, processes: number): PythonCallers {
    return new PythonCallers(
      Array.from({ length: processes }, (_, index) => new CallerProcess(amqpUrl, `caller${index}`)),
    );
  }

  get pids(): readonly number[] {
    return this.processes.map(({ pid }) => pid);
  }

  /** Has so many callers share the calls, each making one at a time. */
  async run(job: Job, callers: number): Promise<Round> {
    const processes = this.processes.slice(0, callers);
    const shares = processes.map((process, index) => ({
      process,
      job: {
        ...job,
        calls: job.calls.filter((_, call) => call % processes.length === index),
        callers: Math.floor((callers + index) / processes.length),
      },
    }));
    await Promise.all(shares.map((share) => share.process.ask(share.job)));
    const parts = await Promise.all(processes.map((process) => process.ask<PartialRound>('go')));
    return {
      seconds:
        Math.max(...parts.map((part) => part.finished)) - Math.min(...parts.map((part) => part.started)),
      latencies: parts.flatMap((part) => part.latencies),
      errors: parts.flatMap((part) => part.errors),
    };
  }

  stop(): void {
    for (const process of this.processes) process.stop();
  }
}

/** One Python process, which answers each line with a line. */
class CallerProcess {
  private readonly child: ChildProcess;
  private readonly answers: AsyncIterator<string>;
  private complaint = '';

  constructor(amqpUrl: string, name: string) {
    // A group of its own: Ctrl-C is for the benchmark, which ends its callers itself.
    this.child = spawn(python, [script, '--url', amqpUrl], {
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, PYTHONPATH: join(checkout, 'libs/testbed/python') },
    });
    const { stdout, stderr, stdin } = this.child;
    if (!stdout || !stderr || !stdin) throw new Error('a caller has no pipes');
    stderr.setEncoding('utf8').on('data', (text: string) => (this.complaint += text));
    stdin.on('error', () => undefined);
    this.child.on('error', (error) => (this.complaint += error.message));
    recordProcess(name, this.pid);
    this.answers = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async ask<Answer>(question: unknown): Promise<Answer> {
    this.child.stdin?.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await this.answers.next();
    if (done)
      throw new BenchError(`a Python caller ended: ${this.complaint.trim().split('\n').at(-1) ?? ''}`);
    return JSON.parse(value);
  }

  stop(): void {
    const running = identifyProcess(this.pid);
    if (this.child.exitCode === null && running) signal(running, 'SIGKILL');
  }
}
