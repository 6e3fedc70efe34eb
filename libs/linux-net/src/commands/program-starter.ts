import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Ending, type ProgramInput, type ProgramStart, startProgram } from './start-program.js';

/** To start a program, and what it reads; either may come alone, the program first. */
export interface StarterOrder {
  readonly id: number;
  readonly start?: ProgramStart;
  readonly stdin?: string;
}

export type StarterMessage =
  { readonly id: number; readonly pid: number } | { readonly id: number; readonly ending: Ending };

/** What a pino logger offers; any logger of this form will do. */
export interface StarterLog {
  warn(fields: object, message: string): void;
}

interface Waiting {
  readonly started: (pid: number) => void;
  readonly resolve: (ending: Ending) => void;
}

const PROGRAM = fileURLToPath(
  new URL(`./starter-process${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
);

/**
 * Starts programs through a small process. To start one a process is copied first, and that takes the longer the more
 * memory it has: 1 ms for a process of 40 MB, 20 ms for a worker of 300 MB. Without that process, or when it dies, programs
 * are started from here.
 */
export class ProgramStarter {
  private readonly waiting = new Map<number, Waiting>();
  private child: ChildProcess | undefined = this.open();
  private orders = 0;

  /** @param log is told when the process that starts programs dies */
  constructor(private readonly log: StarterLog) {}

  /** Like {@link startProgram}. */
  start(start: ProgramStart, stdin: ProgramInput, started: (pid: number) => void): Promise<Ending> {
    const { child } = this;
    if (!child?.connected) return startProgram(start, stdin, started);
    const id = (this.orders += 1);
    // Whoever waits for a child that is lost meanwhile is told of that.
    const send = (order: StarterOrder) => void (child.connected && child.send(order));
    return new Promise((resolve) => {
      this.waiting.set(id, { started, resolve });
      send(typeof stdin === 'string' ? { id, start, stdin } : { id, start });
      if (typeof stdin !== 'string') void stdin.then((text) => send({ id, stdin: text }));
    });
  }

  /** Nothing is left of it; programs that run go on. */
  close(): void {
    if (this.child?.connected) this.child.disconnect();
    this.child = undefined;
  }

  private open(): ChildProcess {
    const child = fork(PROGRAM, { serialization: 'advanced', execArgv: [] });
    child.on('message', (message: StarterMessage) => this.hear(message));
    child.on('error', () => this.lose(child));
    child.on('exit', () => this.lose(child));
    // It is no reason for this process to live.
    child.unref();
    child.channel?.unref();
    return child;
  }

  private hear(message: StarterMessage): void {
    const waiting = this.waiting.get(message.id);
    if ('pid' in message) return waiting?.started(message.pid);
    this.waiting.delete(message.id);
    waiting?.resolve(message.ending);
  }

  /** What it had started may run on, or not: nobody will ever hear. */
  private lose(child: ChildProcess): void {
    // Closed, it ends because it should; and one that cannot be started both fails and exits.
    if (this.child === child) {
      this.child = undefined;
      this.log.warn(
        { pid: child.pid, givenUp: this.waiting.size },
        'novanet-program-starter died: programs are started from this process, and slower, until the service is restarted',
      );
    }
    const stderr = 'the process that starts programs died';
    for (const { resolve } of this.waiting.values()) resolve({ exitCode: null, stdout: '', stderr });
    this.waiting.clear();
  }
}
