import { request } from 'node:http';

import type { BackingServices } from './backing-services.js';

const password = 'novanet';
const engineSocket = '/var/run/docker.sock';
const limitMs = 60_000;

/**
 * Database and broker in containers. Undefined when no engine answers or the images cannot be had;
 * when containers are `required`, that is an error.
 */
export async function startContainers(required: boolean): Promise<BackingServices | undefined> {
  if (!required && !(await engineAnswers())) return undefined;
  try {
    return await startBoth();
  } catch (error) {
    if (required) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`no containers for the tests, using private processes: ${reason}\n`);
    return undefined;
  }
}

function engineAnswers(): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = request({ socketPath: engineSocket, path: '/_ping', timeout: 500 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.once('timeout', () => ping.destroy());
    ping.once('error', () => resolve(false)).end();
  });
}

async function startBoth(): Promise<BackingServices> {
  // Loaded only here: most machines have no engine, and the library is large.
  const { GenericContainer, Wait } = await import('testcontainers');
  const started = await Promise.allSettled([
    new GenericContainer('mariadb:10.11')
      .withEnvironment({ MARIADB_ROOT_PASSWORD: password })
      .withTmpFs({ '/var/lib/mysql': 'rw' })
      .withExposedPorts(3306)
      .withWaitStrategy(Wait.forLogMessage(/ready for connections/, 2))
      .withStartupTimeout(limitMs)
      .start(),
    new GenericContainer('rabbitmq:3.10')
      .withTmpFs({ '/var/lib/rabbitmq': 'rw' })
      .withExposedPorts(5672)
      .withWaitStrategy(Wait.forLogMessage(/Server startup complete/))
      .withStartupTimeout(limitMs)
      .start(),
  ]);
  const [database, broker] = started;
  const stop = async () => {
    await Promise.all(started.map(async (one) => one.status === 'fulfilled' && (await one.value.stop())));
  };
  if (database.status === 'rejected' || broker.status === 'rejected') {
    await stop();
    throw database.status === 'rejected' ? database.reason : rejectionOf(broker);
  }
  const [mariadb, rabbitmq] = [database.value, broker.value];
  return {
    databaseUrl: `mysql://root:${password}@${mariadb.getHost()}:${mariadb.getMappedPort(3306)}`,
    amqpUrl: `amqp://guest:guest@${rabbitmq.getHost()}:${rabbitmq.getMappedPort(5672)}/`,
    stop,
  };
}

function rejectionOf(result: PromiseSettledResult<unknown>): unknown {
  return result.status === 'rejected' ? result.reason : undefined;
}
