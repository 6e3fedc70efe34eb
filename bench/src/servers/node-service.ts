import { join } from 'node:path';

import { BackgroundProcess } from '@novanet/testbed';

import { checkout, runFolder } from './run-folder.js';

const readyLimitMs = 60_000;

export interface NodeServiceOptions {
  readonly name: string;
  /** The built program, from the checkout. */
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  isReady(service: BackgroundProcess): Promise<boolean>;
}

export interface NodeService {
  /** 0 while it does not run. */
  readonly pid: number;
  /** Starts it again, and returns when it is ready. */
  start(): Promise<void>;
  /** Ends it in good order. */
  stop(): Promise<void>;
}

/** Starts a program of this project as a process of its own, and returns when it is ready. */
export async function startNodeService(options: NodeServiceOptions): Promise<NodeService> {
  const { name, program, env } = options;
  const foreign = Object.entries(process.env).filter(([variable]) => !variable.startsWith('NOVANET_'));
  const service = new BackgroundProcess({
    name,
    directory: join(runFolder, name),
    argv: [process.execPath, join(checkout, program)],
    // The user's own NOVANET_… variables are not meant for it.
    env: { ...Object.fromEntries(foreign), ...env },
  });
  const start = async () => {
    await service.start();
    await service.waitUntil(() => options.isReady(service), readyLimitMs);
  };
  await start();
  return {
    get pid() {
      return service.identity()?.pid ?? 0;
    },
    start,
    stop: () => service.stop(),
  };
}
