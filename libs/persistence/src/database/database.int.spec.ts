import { DatabaseUnavailable } from '@novanet/ipam';
import { createScratchDatabase } from '@novanet/testbed';
import type { EntityManager } from 'typeorm';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { host } from '../testing/fixtures.js';
import { scratchIpam, scratchSchema } from '../testing/scratch-ipam.js';
import { tcpProxy } from '../testing/tcp-proxy.js';
import type { Database } from './database.js';
import { DatabaseFailure } from './driver-error.js';
import { openDatabase } from './open-database.js';

const setLimit = (manager: EntityManager, project: string, limit: number) =>
  manager.query('UPDATE quotas SET hard_limit = ? WHERE project_id = ?', [limit, project]);

async function withQuotas(): Promise<{ url: string; database: Database; limits: () => Promise<unknown> }> {
  const { url, database } = await scratchIpam();
  await database.run((manager) =>
    manager.query("INSERT INTO quotas VALUES ('a', 'fixed_ips', 0), ('b', 'fixed_ips', 0)"),
  );
  const limits = () =>
    database.run((manager) => manager.query('SELECT project_id, hard_limit FROM quotas ORDER BY project_id'));
  return { url, database, limits };
}

async function killConnection(database: Database, manager: EntityManager): Promise<void> {
  const [row] = await manager.query<{ id: number }[]>('SELECT CONNECTION_ID() AS id');
  await database.run((other) => other.query(`KILL CONNECTION ${row?.id}`));
}

describe('a transaction', () => {
  test('is rolled back when the work fails, with the work’s own error', async () => {
    const { database, limits } = await withQuotas();
    const before = await limits();
    const refusal = new Error('no');
    const work = database.transaction(async (manager) => {
      await setLimit(manager, 'a', 7);
      throw refusal;
    });
    await expect(work).rejects.toBe(refusal);
    expect(await limits()).toEqual(before);
  });

  test('runs again after a deadlock, and both get through', async () => {
    const { database, limits } = await withQuotas();
    let arrived = 0;
    let meet: () => void = () => undefined;
    const met = new Promise<void>((resolve) => (meet = resolve));
    const crossing = (first: string, second: string, limit: number) =>
      database.transaction(async (manager) => {
        await setLimit(manager, first, limit);
        arrived += 1;
        if (arrived === 2) meet();
        await met;
        await setLimit(manager, second, limit);
      });
    await Promise.all([crossing('a', 'b', 1), crossing('b', 'a', 2)]);
    expect(database.retries).toEqual({ deadlock: 1, 'lock-wait': 0, connection: 0 });
    expect(await limits()).toEqual([
      { project_id: 'a', hard_limit: expect.any(Number) },
      { project_id: 'b', hard_limit: expect.any(Number) },
    ]);
  });

  test('runs again, whole, when its connection is killed', async () => {
    const { database, limits } = await withQuotas();
    let runs = 0;
    await database.transaction(async (manager) => {
      runs += 1;
      await setLimit(manager, 'a', 7);
      if (runs === 1) await killConnection(database, manager);
      await setLimit(manager, 'b', 8);
    });
    expect(runs).toBe(2);
    expect(database.retries.connection).toBe(1);
    expect(await limits()).toEqual([
      { project_id: 'a', hard_limit: 7 },
      { project_id: 'b', hard_limit: 8 },
    ]);
  });

  test('ends as DatabaseUnavailable when its connection is killed each time', async () => {
    const { database } = await withQuotas();
    const work = database.transaction(async (manager) => {
      await killConnection(database, manager);
      await setLimit(manager, 'a', 7);
    });
    await expect(work).rejects.toBeInstanceOf(DatabaseUnavailable);
  });

  test('does not run again for a fault of ours, and says what the database said', async () => {
    const { database } = await withQuotas();
    let runs = 0;
    const work = database.transaction((manager) => {
      runs += 1;
      return manager.query('SELECT nonsense FROM quotas');
    });
    await expect(work).rejects.toThrow(DatabaseFailure);
    await expect(work).rejects.toMatchObject({
      details: { code: 'ER_BAD_FIELD_ERROR' },
      cause: expect.any(Error),
    });
    expect(runs).toBe(1);
  });

  test('sees what others committed, reads and writes UTC with milliseconds', async () => {
    const { database } = await withQuotas();
    const [row] = await database.transaction((manager) =>
      manager.query<object[]>(
        'SELECT @@session.time_zone AS zone, ? AS given, CURRENT_TIMESTAMP(6) = UTC_TIMESTAMP(6) AS isUtc',
        [new Date('2026-01-02T03:04:05.678Z')],
      ),
    );
    expect(row).toEqual({ zone: '+00:00', given: '2026-01-02 03:04:05.678', isUtc: 1 });
    const seen = await database.transaction(async (manager) => {
      await manager.query('SELECT * FROM quotas');
      await database.run((other) => setLimit(other, 'a', 9));
      return manager.query("SELECT hard_limit FROM quotas WHERE project_id = 'a'");
    });
    expect(seen).toEqual([{ hard_limit: 9 }]);
  });
});

describe('a server that goes away', () => {
  test('fails every caller in bounded time, also those who waited for a connection, and is used again afterwards', async () => {
    const { url } = await scratchIpam();
    const proxy = await tcpProxy(url);
    const database = await openDatabase({ url: proxy.url, poolSize: 2 });
    onTestFinished(() => database.close());
    await database.ping();
    await proxy.close();
    await expect(database.ping()).rejects.toBeInstanceOf(DatabaseUnavailable);
    const callers = Array.from({ length: 10 }, () => database.run((manager) => manager.query('SELECT 1')));
    for (const outcome of await Promise.allSettled(callers)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(DatabaseUnavailable) });
    }
    await proxy.open();
    await database.ping();
    expect(await database.run((manager) => manager.query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
  });
});

describe('opening', () => {
  test('works for eight processes at once on an empty schema', async () => {
    const url = await scratchSchema();
    const said: string[] = [];
    const log = { debug() {}, warn() {}, info: (_: object, message: string) => said.push(message) };
    const opened = await Promise.all(
      Array.from({ length: 8 }, () => openDatabase({ url, poolSize: 1, log })),
    );
    await Promise.all(opened.map((database) => database.ping()));
    await Promise.all(opened.map((database) => database.close()));
    expect(said).toEqual(['schema brought up to date']);
  });

  test('creates the schema when it is missing', async () => {
    const schema = await createScratchDatabase(inject('databaseUrl'));
    await schema.drop();
    onTestFinished(() => schema.drop());
    const { url } = schema;
    const database = await openDatabase({ url, poolSize: 1 });
    const tables = await database.run((manager) => manager.query<object[]>('SHOW TABLES'));
    await database.close();
    expect(tables.length).toBeGreaterThan(15);
  });

  test('waits for the server, says so, and begins when it is there', async () => {
    const url = await scratchSchema();
    const proxy = await tcpProxy(url);
    await proxy.close();
    const said: string[] = [];
    let heard: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => (heard = resolve));
    const warn = (_: object, message: string) => {
      said.push(message);
      heard();
    };
    const opening = openDatabase({ url: proxy.url, poolSize: 1, log: { debug() {}, info() {}, warn } });
    await waiting;
    await proxy.open();
    const database = await opening;
    await database.close();
    expect(said[0]).toBe('waiting for the database');
  });

  test('stops waiting when it is told to', async () => {
    const proxy = await tcpProxy(`${inject('databaseUrl')}/never`);
    await proxy.close();
    const signal = AbortSignal.timeout(50);
    await expect(openDatabase({ url: proxy.url, poolSize: 1, signal })).rejects.toThrow(/ECONNREFUSED/);
  });

  test('is refused at once for wrong credentials', async () => {
    const url = new URL(`${inject('databaseUrl')}/novanet`);
    url.password = 'wrong';
    await expect(openDatabase({ url: url.href, poolSize: 1 })).rejects.toThrow(/Access denied/);
  });

  test('says what an administrator has to do when we may not create the schema', async () => {
    const { database } = await scratchIpam();
    const user = `t${Date.now().toString(36)}`;
    await database.run((manager) => manager.query(`CREATE USER ${user}@'%' IDENTIFIED BY 'x'`));
    onTestFinished(
      async () => void (await database.run((manager) => manager.query(`DROP USER ${user}@'%'`))),
    );
    const url = new URL(`${inject('databaseUrl')}/forbidden`);
    Object.assign(url, { username: user, password: 'x' });
    await expect(openDatabase({ url: url.href, poolSize: 1 })).rejects.toThrow(
      /CREATE DATABASE `forbidden`; GRANT ALL/,
    );
  });
});

describe('closing', () => {
  test('lets running work end, refuses new work, and can be repeated', async () => {
    const { database, limits, url } = await withQuotas();
    const running = database.transaction(async (manager) => {
      await manager.query('SELECT SLEEP(0.05)');
      await setLimit(manager, 'a', 5);
    });
    const closing = [database.close(), database.close()];
    await expect(limits()).rejects.toThrow(/shutting down/);
    await expect(database.ping()).rejects.toThrow(/shutting down/);
    await Promise.all([running, ...closing]);
    const another = await openDatabase({ url, poolSize: 1 });
    onTestFinished(() => another.close());
    const rows = await another.run((manager) =>
      manager.query('SELECT hard_limit FROM quotas ORDER BY project_id'),
    );
    expect(rows).toEqual([{ hard_limit: 5 }, { hard_limit: 0 }]);
  });
});

test('work that needs more connections than there are waits its turn', async () => {
  const { openAnother } = await scratchIpam();
  const { database, services } = await openAnother({ poolSize: 1 });
  await Promise.all(
    Array.from({ length: 20 }, (_, i) => services.beat({ host: host(`h${i}`), binary: 'b', topic: 't' })),
  );
  expect(await services.list()).toHaveLength(20);
  expect(database.retries).toEqual({ deadlock: 0, 'lock-wait': 0, connection: 0 });
});
