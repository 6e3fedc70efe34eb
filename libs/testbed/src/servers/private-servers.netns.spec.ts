import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createConnection } from 'mysql2/promise';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { processesIn } from '../namespaces/namespace.js';
import { expectTcp } from '../namespaces/packets.js';
import { withNamespaces } from '../namespaces/test-network.js';
import { mariadbServer, startMariadb } from './mariadb.js';
import { startRabbitmq } from './rabbitmq.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'novanet-test-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

async function query(url: string, statement: string): Promise<unknown> {
  const connection = await createConnection(url);
  try {
    return (await connection.query(statement))[0];
  } finally {
    await connection.end();
  }
}

describe('a private MariaDB', () => {
  it('keeps its data over a stop, a power cut and a start', async () => {
    const server = await startMariadb({ directory });
    try {
      await query(server.url, 'CREATE DATABASE kept');
      await server.stop();
      expect(server.isRunning()).toBe(false);
      await server.start();
      await server.kill();
      await server.start();
      expect(await query(server.url, "SHOW DATABASES LIKE 'kept'")).toHaveLength(1);
    } finally {
      await server.remove();
    }
  });

  it('can be stopped by another who knows its folder', async () => {
    const server = await startMariadb({ directory });
    const another = await mariadbServer({ directory, port: server.port });
    expect(another.isRunning()).toBe(true);
    await another.remove();
    expect(server.isRunning()).toBe(false);
  });

  it('says why it did not start', async () => {
    const first = await startMariadb({ directory: join(directory, 'first') });
    try {
      const second = startMariadb({ directory: join(directory, 'second'), port: first.port });
      await expect(second).rejects.toThrow(/ended before it answered; .*Address already in use/s);
    } finally {
      await first.remove();
    }
  });
});

describe('private servers in a namespace', () => {
  it(
    'are reached from another host, and leave no process behind when stopped',
    { timeout: 60_000 },
    async () => {
      await withNamespaces(['servers', 'host'], async (network) => {
        await network.cable(
          { role: 'servers', device: 'eth0', address: '10.9.0.1/24' },
          { role: 'host', device: 'eth0', address: '10.9.0.2/24' },
        );
        const place = { netns: network.netns('servers'), address: '10.9.0.1' };
        const database = await startMariadb({ ...place, directory: join(directory, 'mariadb') });
        const broker = await startRabbitmq({ ...place, directory: join(directory, 'rabbitmq') });
        expect([database.url, broker.url]).toEqual([
          'mysql://novanet:novanet@10.9.0.1:3306',
          'amqp://guest:guest@10.9.0.1:5672/',
        ]);
        await expectTcp(network.netns('host'), '10.9.0.1', 3306);
        await expectTcp(network.netns('host'), '10.9.0.1', 5672);
        await Promise.all([database.stop(), broker.stop()]);
        // Erlang's own helpers end a moment after it.
        await expect.poll(() => processesIn(network.netns('servers')), { timeout: 10_000 }).toEqual([]);
        await broker.start();
        await expectTcp(network.netns('host'), '10.9.0.1', 5672);
        await Promise.all([database.remove(), broker.remove()]);
      });
    },
  );
});
