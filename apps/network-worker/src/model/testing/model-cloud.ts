import { OsloBroker, OsloClient, RemoteError } from '@novanet/messaging';
import { createLogger } from '@novanet/observability';
import { openDatabase, type Database } from '@novanet/persistence';
import { createScratchDatabase, uniqueExchange } from '@novanet/testbed';
import { inject } from 'vitest';
import { bootWorker } from '../../known-faults/testing/cloud-worker.js';
import { limits } from '../cloud-model.js';
import { ToldKernel } from './told-kernel.js';

const log = createLogger('test', 'fatal');

/** A request to the worker of one host. */
export interface Request {
  readonly worker: string;
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** One of the methods that nova has not. */
  readonly isOurs?: boolean;
  /** A user of this project asks; an administrator unless told. */
  readonly user?: string;
}

/** What the caller gets; `refusal`: the class of the exception. */
export type Outcome = { readonly answer: unknown } | { readonly refusal: string; readonly message: string };

/** Workers of several hosts, whole but for their kernels, on one database. */
export async function startModelCloud(hosts: readonly string[], undo: AsyncDisposableStack) {
  const scratch = await createScratchDatabase(inject('databaseUrl'));
  undo.defer(() => scratch.drop());
  const database = await openDatabase({ url: scratch.url, poolSize: 6, log });
  undo.defer(() => database.close());
  const exchange = uniqueExchange();
  const topic = `network-${exchange}`;
  const transportUrl = inject('amqpUrl');
  const broker = new OsloBroker({ transportUrl, serviceName: 'compute', controlExchange: exchange, log });
  const client = new OsloClient({ broker, timeoutMs: 20_000 });
  undo.defer(() => client.close());
  const options = {
    transport_url: transportUrl,
    control_exchange: exchange,
    network_topic: topic,
    public_interface: 'eth0',
    use_ipv6: 'true',
    floating_ip_quarantine: '0',
    service_down_time: '3600',
    quota_fixed_ips: String(limits.fixedIps),
    quota_floating_ips: String(limits.floatingIps),
  };
  const start = async (host: string) => {
    const worker = await bootWorker({ host, options, databaseUrl: scratch.url }, new ToldKernel());
    undo.defer(() => worker.stop());
    return [host, worker] as const;
  };
  return new ModelCloud(
    database,
    client,
    topic,
    new Map(await Promise.all(hosts.map((host) => start(host)))),
  );
}

type Worker = Awaited<ReturnType<typeof bootWorker<ToldKernel>>>;

export class ModelCloud {
  constructor(
    private readonly database: Database,
    private readonly client: OsloClient,
    private readonly topic: string,
    private readonly workers: ReadonlyMap<string, Worker>,
  ) {}

  async ask({ worker, method, args, isOurs = false, user }: Request): Promise<Outcome> {
    const target = {
      topic: this.topic,
      server: worker,
      version: '1.0',
      ...(isOurs && { namespace: 'novanet' }),
    };
    const context =
      user === undefined
        ? { user_id: 'root', project_id: 'ops', is_admin: true }
        : { user_id: 'alice', project_id: user, is_admin: false };
    try {
      return { answer: await this.client.call(target, method, args, { context }) };
    } catch (error) {
      if (error instanceof RemoteError) return { refusal: error.className, message: error.message };
      throw error;
    }
  }

  kernel(host: string): ToldKernel {
    return this.worker(host).linux;
  }

  /** What every worker does from time to time. */
  converge(host: string): Promise<unknown> {
    return this.worker(host).converge();
  }

  /** As if `fixed_ip_disassociate_timeout` had passed. */
  async freeStale(host: string): Promise<void> {
    const { ipam, host: name } = this.worker(host);
    await ipam.fixedIps.freeStale({ host: name, before: new Date(Date.now() + 60_000) });
  }

  /** It was heard of just now. */
  async beat(host: string): Promise<void> {
    const { ipam, host: name } = this.worker(host);
    await ipam.services.beat({ host: name, binary: 'network-worker', topic: this.topic });
  }

  /** It has not been heard of for long. */
  async silence(host: string): Promise<void> {
    await this.rows("UPDATE services SET last_seen_at = '2000-01-01' WHERE host = ?", [host]);
  }

  rows<Row extends object>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.database.run((manager) => manager.query<Row[]>(sql, [...parameters]));
  }

  /** How many rows each table has that may have none when nobody has anything. */
  async counts(): Promise<Readonly<Record<string, number>>> {
    const tables = ['networks', 'subnets', 'subnet_cursors', 'fixed_ips', 'virtual_interfaces', 'instances'];
    const more = ['expected_instances', 'floating_ips', 'dns_entries', 'security_group_members'];
    const counted = [...tables, ...more].map(async (table) => {
      const [row] = await this.rows<{ count: number }>(`SELECT COUNT(*) AS count FROM ${table}`);
      return [table, row?.count ?? 0] as const;
    });
    const all = await Promise.all(counted);
    return Object.fromEntries(all.filter(([, count]) => count > 0));
  }

  /** Nobody has anything, and all hosts are well. */
  async reset(): Promise<void> {
    await this.database.transaction(async (manager) => {
      const tables = await manager.query<{ name: string }[]>(
        `SELECT table_name AS name FROM information_schema.tables
          WHERE table_schema = DATABASE() AND table_name NOT IN ('migrations', 'mutexes')`,
      );
      await manager.query('SET foreign_key_checks = 0');
      for (const { name } of tables) await manager.query(`DELETE FROM ${name}`);
      await manager.query('SET foreign_key_checks = 1');
    });
    for (const host of this.workers.keys()) {
      this.kernel(host).isBroken = false;
      await this.beat(host);
      await this.converge(host);
    }
  }

  private worker(host: string): Worker {
    const worker = this.workers.get(host);
    if (!worker) throw new Error(`${host} is no host of this cloud`);
    return worker;
  }
}
