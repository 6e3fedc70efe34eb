import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { inNamespace } from '../processes/run-command.js';

/** Debian's, for which python3-oslo.messaging is installed; another python3 on the path has no such package. */
const python = '/usr/bin/python3';
const probe = join(import.meta.dirname, '../../python/oslo_probe.py');

/** One call; what is absent is as the program has it: version 1.0, any server, an administrator's context. */
export interface PythonCall {
  readonly exchange: string;
  readonly topic: string;
  readonly method: string;
  readonly args?: Readonly<Record<string, unknown>>;
  readonly version?: string;
  readonly namespace?: string;
  readonly server?: string;
  readonly context?: Readonly<Record<string, unknown>>;
  /** Nobody answers. */
  readonly cast?: boolean;
  /** A cast to all servers. */
  readonly fanout?: boolean;
  /** In seconds, default 20. */
  readonly timeout?: number;
}

/** What the Python caller gets. */
export type PythonOutcome =
  | { readonly ok: true; readonly result: unknown }
  | {
      readonly ok: false;
      /** With its module. */
      readonly exception: string;
      readonly message: string;
      readonly kwargs?: Readonly<Record<string, unknown>>;
    };

/** The real oslo.messaging client, in one process for many calls. */
export class PythonClient {
  private readonly waiting: PromiseWithResolvers<PythonOutcome>[] = [];
  private stderr = '';
  private end: Error | undefined;

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    child.stderr.on('data', (text) => (this.stderr += String(text)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.waiting.shift()?.resolve(JSON.parse(line) as PythonOutcome);
    });
    child.stdin.on('error', () => undefined);
    child.once('error', () => this.fail());
    child.once('close', () => this.fail());
  }

  /**
   * A process that cannot run fails the first call.
   * @param netns the network namespace to call from, if not this one
   */
  static start(amqpUrl: string, netns?: string): PythonClient {
    const [program = '', ...args] = inNamespace(netns, [python, probe, '--batch', '--url', amqpUrl]);
    return new PythonClient(spawn(program, args));
  }

  /** Calls are made one after the other. */
  async call(call: PythonCall): Promise<PythonOutcome> {
    if (this.end) throw this.end;
    const answer = Promise.withResolvers<PythonOutcome>();
    this.waiting.push(answer);
    this.child.stdin.write(`${JSON.stringify(call)}\n`);
    return answer.promise;
  }

  async close(): Promise<void> {
    this.child.stdin.end();
    if (!this.end) await once(this.child, 'close');
  }

  private fail(): void {
    this.end ??= new Error(`the Python client ended (install python3-oslo.messaging?): ${this.stderr}`);
    for (const answer of this.waiting.splice(0)) answer.reject(this.end);
  }
}
