import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command, FollowedProgram, ProgramFollower } from '../commands/command-runner.js';
import { isForbidden, isMissing } from '../files/replace-file.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A program that ran so long did not fail to start. */
const STEADY_MS = 10_000;
const LISTENING_LIMIT_MS = 3000;
const POLL_MS = 5;

export interface SteadyListener {
  line(text: string): void;
  /** It hears everything again after a time in which it heard nothing. */
  resumed(): void;
  failed(reason: string): void;
}

/** A program that listens to the kernel; when it ends it is started again. */
export class SteadyProgram {
  private program: FollowedProgram | undefined;
  private timer: NodeJS.Timeout | undefined;
  private pauseMs = FIRST_PAUSE_MS;
  private startedAt = 0;
  private isStopped = false;
  private hears = false;

  constructor(
    private readonly follower: ProgramFollower,
    private readonly argv: Command['argv'],
    private readonly listener: SteadyListener,
  ) {}

  /** Whether nothing escapes it. */
  get isListening(): boolean {
    return this.hears;
  }

  /** Resolves when nothing escapes it any more, or when it does not come to that. */
  async start(): Promise<void> {
    if (this.isStopped) return;
    this.startedAt = performance.now();
    const { promise: end, resolve: ended } = Promise.withResolvers<void>();
    const program = this.follower.follow(this.argv, {
      line: (text) => this.listener.line(text),
      ended: (reason) => {
        ended();
        this.restart(reason);
      },
    });
    this.program = program;
    const isListening = program.pid !== undefined && (await Promise.race([isSubscribed(program.pid), end]));
    if (this.program === program) this.hears = isListening === true;
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
    this.program?.stop();
  }

  private restart(reason: string): void {
    this.hears = false;
    this.program = undefined;
    if (this.isStopped) return;
    this.listener.failed(reason);
    if (performance.now() - this.startedAt > STEADY_MS) this.pauseMs = FIRST_PAUSE_MS;
    this.timer = setTimeout(() => void this.resume(), this.pauseMs);
    this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
  }

  private async resume(): Promise<void> {
    await this.start();
    if (this.hears) this.listener.resumed();
  }
}

/** Whether the process joined a multicast group of the kernel; waits a while for that. */
async function isSubscribed(pid: number): Promise<boolean> {
  for (const end = performance.now() + LISTENING_LIMIT_MS; performance.now() < end; await delay(POLL_MS)) {
    const own = await socketsOf(pid);
    if ((await subscribedSockets(pid)).some((inode) => own.has(inode))) return true;
  }
  return false;
}

/** The numbers of the sockets that belong to any group, in the namespace of the process. */
async function subscribedSockets(pid: number): Promise<string[]> {
  // sk, protocol, port, groups … inode
  const rows = (await orEmpty(readFile(`/proc/${pid}/net/netlink`, 'utf8'), '')).matchAll(
    /^\S+ +\d+ +\d+ +(?!0+ )[0-9a-f]+ .*?(\d+) *$/gm,
  );
  return [...rows].flatMap(([, inode]) => inode ?? []);
}

async function socketsOf(pid: number): Promise<Set<string>> {
  const folder = `/proc/${pid}/fd`;
  const names = await orEmpty(readdir(folder), []);
  const targets = await Promise.all(names.map((name) => orEmpty(readlink(join(folder, name)), '')));
  return new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
}

/** What /proc says of a process; nothing when that has ended, or when we may not know. */
async function orEmpty<T>(reading: Promise<T>, empty: T): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (isMissing(error) || isForbidden(error)) return empty;
    throw error;
  }
}
