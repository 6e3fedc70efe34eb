import { setTimeout as sleep } from 'node:timers/promises';

import { identifyProcess } from '@novanet/testbed';

import type { LabFolder } from '../state/lab-folder.js';
import { withLabLock } from '../state/lab-lock.js';
import type { Progress } from '../terminal/progress.js';
import { sweep, takeDown } from './down.js';

/** How long interrupted work may take to notice. A call on the message bus would take a minute. */
const lingerMs = 2_000;

/** The user's wish to end: Ctrl-C, a request of the system, or the end of the program that started this one. */
export class Interrupt {
  isRequested = false;
  readonly requested: Promise<void>;

  constructor() {
    this.requested = new Promise((resolve) => {
      const request = () => {
        this.isRequested = true;
        resolve();
      };
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, request);
      const parent = process.ppid;
      setInterval(() => {
        if (process.ppid !== parent) request();
      }, 500).unref();
    });
  }
}

/**
 * Lets `work` bring up a lab and use it, and takes the lab down when the work is done, fails, or the user wants
 * to end. A lab of somebody else that `work` ran into stays as it is.
 */
export async function inForeground(
  folder: LabFolder,
  progress: Progress,
  work: (interrupt: Interrupt) => Promise<void>,
): Promise<Interrupt> {
  const interrupt = new Interrupt();
  const working = work(interrupt);
  try {
    await Promise.race([working, interrupt.requested]);
  } finally {
    progress.forgetRunningSteps();
    if (isOurs(folder)) {
      await progress.step('taking everything down', () => removeOurs(folder, working));
    } else {
      // Taken down by somebody else; or never built, where the work fails by itself.
      await settle(working);
      if (isOurs(folder)) await takeDown(folder);
    }
  }
  return interrupt;
}

/** Keeps the lab's name until nothing of it can come back. */
async function removeOurs(folder: LabFolder, working: Promise<void>): Promise<void> {
  await withLabLock(folder.name, async () => {
    await sweep(folder);
    await settle(working);
    await sweep(folder);
    folder.clear();
  });
}

/** Interrupted work goes on until it runs into what is missing now, and may have made something until then. */
async function settle(working: Promise<void>): Promise<void> {
  await Promise.race([Promise.allSettled([working]), sleep(lingerMs)]);
}

/** Returns when the user wants to end, or somebody else took the lab down. */
export async function untilEnd(folder: LabFolder, interrupt: Interrupt): Promise<void> {
  let watch: NodeJS.Timeout | undefined;
  const isGone = new Promise<void>((resolve) => {
    watch = setInterval(() => {
      if (!isOurs(folder)) resolve();
    }, 500);
  });
  await Promise.race([interrupt.requested, isGone]);
  clearInterval(watch);
}

function isOurs(folder: LabFolder): boolean {
  const owner = folder.find()?.owner;
  return owner?.pid === process.pid && owner.startTicks === identifyProcess(process.pid)?.startTicks;
}
