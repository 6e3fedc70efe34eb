import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { TestProject } from 'vitest/node';

import { identifyProcess, isAlive, type ProcessIdentity } from './processes/process-identity.js';
import { startBackingServices } from './servers/backing-services.js';
import { mariadbServer } from './servers/mariadb.js';
import { rabbitmqServer } from './servers/rabbitmq.js';
import type { BackingServiceUrls } from './vitest-context.js';

const runs = join(import.meta.dirname, '../../../.novanet/tests');

/** Vitest's global setup: one database and one broker for a whole run of integration tests. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  mkdirSync(runs, { recursive: true });
  await removeAbandonedRuns();
  const directory = mkdtempSync(join(runs, 'run-'));
  writeFileSync(join(directory, 'owner'), JSON.stringify(identifyProcess(process.pid)));
  const services = await startBackingServices(directory);
  const { databaseUrl, amqpUrl }: BackingServiceUrls = services;
  project.provide('databaseUrl', databaseUrl);
  project.provide('amqpUrl', amqpUrl);
  return async () => {
    await services.stop();
    rmSync(directory, { recursive: true, force: true });
  };
}

/** A run that was killed could not end its servers. */
async function removeAbandonedRuns(): Promise<void> {
  for (const name of readdirSync(runs)) {
    const directory = join(runs, name);
    if (isOwned(directory)) continue;
    await (await mariadbServer({ directory: join(directory, 'mariadb') })).remove();
    await (await rabbitmqServer({ directory: join(directory, 'rabbitmq') })).remove();
    rmSync(directory, { recursive: true, force: true });
  }
}

function isOwned(directory: string): boolean {
  try {
    const owner: ProcessIdentity = JSON.parse(readFileSync(join(directory, 'owner'), 'utf8'));
    return isAlive(owner);
  } catch {
    return false;
  }
}
