import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

import { waitFor, WaitedInVain } from '@novanet/testbed';

import { LabError } from '../plan/lab-error.js';

const limitMs = 60_000;

/**
 * Lets one process at a time claim or remove a lab, on the whole machine: also other checkouts use the same names of
 * namespaces. The lock is a socket without a file, which the kernel frees when its holder dies. Throws LabError.
 */
export async function withLabLock<T>(lab: string, body: () => Promise<T>): Promise<T> {
  const lock = await takeLock(lab);
  try {
    return await body();
  } finally {
    lock.close();
  }
}

async function takeLock(lab: string): Promise<Server> {
  const what = `nobody else starts lab "${lab}" or takes it down`;
  return waitFor(() => listen(`\0novanet-lab-${lab}`), { limitMs, everyMs: 50, what }).catch(
    (error: unknown) => {
      if (!(error instanceof WaitedInVain)) throw error;
      throw new LabError(`lab "${lab}" is being started or taken down by another process.`, { cause: error });
    },
  );
}

async function listen(path: string): Promise<Server> {
  const server = createServer();
  server.listen(path);
  await once(server, 'listening');
  return server;
}
