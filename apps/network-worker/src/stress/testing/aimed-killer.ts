import { readFileSync } from 'node:fs';
import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import type { WorkerProcess } from './worker-process.js';

/** What a worker is most at risk at: between two of these programs the kernel is half way. */
const PROGRAMS = ['ip', 'iptables-restore', 'ebtables-restore', 'ipset', 'perl', 'dnsmasq'] as const;

/** The longest that a worker lives, while it starts and when it works. */
const START_MS = 1_500;
const WORK_MS = 400;
/** The longest that a program is waited for. */
const PATIENCE_MS = 1_500;

/** The kernel keeps no more of a program's name. */
const NAME_LENGTH = 15;

/** Kills a worker now while it runs a certain program, now at some moment, now while it starts. */
export class AimedKiller {
  /** How often it died at each program, and at other moments. */
  readonly kills = new Map<string, number>();

  constructor(
    private readonly worker: WorkerProcess,
    private readonly random: () => number,
    /** Returns when it takes requests. */
    private readonly isReady: () => Promise<void>,
  ) {}

  /** The worker was started when it begins, and does not run when it returns. */
  async kill(): Promise<void> {
    const isStarting = this.random() < 0.25;
    const aim = isStarting ? undefined : PROGRAMS[Math.floor(this.random() * (PROGRAMS.length + 1))];
    const pauseMs = this.random() * (isStarting ? START_MS : WORK_MS);
    if (!isStarting) await this.isReady();
    const hasHit = aim === undefined ? await delay(pauseMs, false) : await this.meets(aim);
    await this.worker.kill();
    const moment = hasHit && aim !== undefined ? aim : isStarting ? 'start' : 'any';
    this.kills.set(moment, (this.kills.get(moment) ?? 0) + 1);
  }

  /** Whether the worker runs the program before it has waited too long. */
  private async meets(program: string): Promise<boolean> {
    const end = performance.now() + PATIENCE_MS;
    while (performance.now() < end) {
      if (this.runs(program)) return true;
      await setImmediate();
    }
    return false;
  }

  /** Whether a child of the worker is this program. */
  private runs(program: string): boolean {
    const { pid } = this.worker;
    const children = readText(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean);
    return children.some((child) => readText(`/proc/${child}/comm`).trim() === program.slice(0, NAME_LENGTH));
  }
}

/** Empty when the process is gone. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
