import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { BackgroundProcess, tryCommand, WaitedInVain, waitFor } from '@novanet/testbed';

import { LabError } from '../plan/lab-error.js';
import { type HostPlan, insidePorts, type LabPlan } from '../plan/lab-plan.js';
import type { LabFolder } from '../state/lab-folder.js';

/** The services of each host, by the names that the lab's commands know. */
const hostServices = {
  worker: { app: 'network-worker', healthPort: 9701 },
  dhcpbridge: { app: 'dhcpbridge', healthPort: 9702 },
  metadata: { app: 'metadata', healthPort: 9703 },
} as const;

export type HostServiceName = keyof typeof hostServices;

export const hostServiceNames: readonly HostServiceName[] = ['worker', 'dhcpbridge', 'metadata'];

const checkout = join(import.meta.dirname, '../../..');
const readyLimitMs = 60_000;
/** A service promises to end within 5 s. */
const stopLimitMs = 6_000;

/** The program that dnsmasq calls for each lease. */
export const dhcpbridgeProgram = join(checkout, 'apps/dhcpbridge/bin/novanet-dhcpbridge');

interface ServicePlace {
  readonly title: string;
  readonly app: string;
  readonly netns: string;
  readonly healthPort: number;
  readonly configFiles: readonly string[];
}

/** One of our services as a process of the lab. */
export class LabService {
  readonly title: string;
  private readonly process: BackgroundProcess;

  constructor(
    folder: LabFolder,
    private readonly place: ServicePlace,
  ) {
    const program = join(checkout, 'apps', place.app, 'dist/main.js');
    this.title = place.title;
    this.process = new BackgroundProcess({
      name: place.title.replace(' ', '-'),
      directory: folder.at('log'),
      netns: place.netns,
      env: serviceEnvironment(folder),
      argv: [process.execPath, program, ...place.configFiles.flatMap((file) => ['--config-file', file])],
    });
  }

  get isRunning(): boolean {
    return this.process.identity() !== undefined;
  }

  get logFile(): string {
    return this.process.logFile;
  }

  /** Starts it, and returns when it says that it is ready. Throws LabError with the end of its log. */
  async start(): Promise<void> {
    await this.process.start();
    let complaint = 'no answer yet';
    const outcome = await waitFor(
      async () => {
        if (!this.isRunning) return 'ended';
        complaint = await this.askHealth();
        return complaint === '' && 'ready';
      },
      { limitMs: readyLimitMs, everyMs: 100, what: `${this.title} is ready` },
    ).catch((error: unknown) => {
      if (!(error instanceof WaitedInVain)) throw error;
      throw new LabError(
        `${this.title} is not ready after ${readyLimitMs / 1_000} s (${complaint}); its log: ${this.logFile}.`,
      );
    });
    if (outcome === 'ready') return;
    const end = this.process.lastLogLines(6);
    const lastWords = end === '' ? 'is empty' : `ends with:\n${end}`;
    throw new LabError(
      `${this.title} ended instead of getting ready; its log, ${this.logFile}, ${lastWords}`,
    );
  }

  stop(): Promise<void> {
    return this.process.stop(stopLimitMs);
  }

  kill(): Promise<void> {
    return this.process.kill();
  }

  /** Empty when it is ready, else what it says. curl, because only a process in the namespace can ask. */
  private async askHealth(): Promise<string> {
    const url = `http://127.0.0.1:${this.place.healthPort}/health/ready`;
    const argv = ['curl', '-sS', '--max-time', '2', '-w', '\n%{http_code}', url];
    const { stdout, stderr } = await tryCommand(argv, { netns: this.place.netns });
    const lines = stdout.trimEnd().split('\n');
    return lines.pop() === '200' ? '' : lines.join(' ').trim() || stderr.trim();
  }
}

/** The user's own NOVANET_… variables are not meant for services of a lab. */
function serviceEnvironment(folder: LabFolder): NodeJS.ProcessEnv {
  const foreign = Object.entries(process.env).filter(([name]) => !name.startsWith('NOVANET_'));
  const compileCache = join(folder.path, '..', '..', 'compile-cache');
  return { ...Object.fromEntries(foreign), NODE_COMPILE_CACHE: compileCache };
}

/** The files of the lab's configuration; what was given with --config comes last and wins. */
function configurationFiles(folder: LabFolder, own: string): string[] {
  return ['novanet.conf', `${own}.conf`, 'extra.conf'].map((name) => folder.at(name)).filter(existsSync);
}

export function apiService(folder: LabFolder, plan: LabPlan): LabService {
  return new LabService(folder, {
    title: 'api',
    app: 'network-api',
    netns: plan.switch.netns,
    healthPort: insidePorts.api,
    configFiles: configurationFiles(folder, 'api'),
  });
}

export function hostService(folder: LabFolder, host: HostPlan, name: HostServiceName): LabService {
  const { app, healthPort } = hostServices[name];
  return new LabService(folder, {
    title: `${host.name} ${name}`,
    app,
    netns: host.netns,
    healthPort,
    configFiles: configurationFiles(folder, host.name),
  });
}
