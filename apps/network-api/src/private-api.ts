import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '@novanet/config';
import { createLogger } from '@novanet/observability';
import { assemble } from './assemble.js';
import { OneToken } from './auth/one-token.js';
import { PolicyBook } from './policy/policy-book.js';

/** So long the database may be away. */
const patienceMs = 10_000;

/** How one program alone asks an API of its own. */
export interface PrivateDoor {
  readonly socketPath: string;
  readonly token: string;
}

/**
 * Serves the whole API on a socket that this user alone can reach, to who shows the one token that there is. Rules of a
 * policy file do not count: who can read the passwords of the configuration may do everything.
 * @param giveUp ends the waiting for the database. Rejects when it cannot be had.
 */
export async function servePrivately(
  settings: Settings,
  giveUp: Promise<void>,
): Promise<{ readonly door: PrivateDoor; stop(): Promise<void> }> {
  const log = createLogger('network-api', 'error', process.stderr);
  const authenticator = new OneToken();
  const { app, database } = await assemble(settings, { authenticator, policies: new PolicyBook() }, log);
  const directory = mkdtempSync(join(tmpdir(), 'novanet-'));
  const stop = async () => {
    await app.close();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    chmodSync(directory, 0o700);
    const socketPath = join(directory, 'api.sock');
    await app.listen(socketPath);
    await openWithin(database.open(), giveUp);
    return { door: { socketPath, token: authenticator.token }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openWithin(opened: Promise<void>, giveUp: Promise<void>): Promise<void> {
  const given = new AbortController();
  const late = sleep(patienceMs, undefined, { signal: given.signal, ref: false }).then(() => {
    throw new Error(`the database does not answer within ${patienceMs / 1000} s: see [database] connection`);
  });
  try {
    await Promise.race([opened, late, giveUp]);
  } finally {
    given.abort();
    late.catch(() => undefined);
  }
}
