import type { BeforeApplicationShutdown, INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Settings } from '@novanet/config';
import { describeError } from '@novanet/contracts';
import { planHost } from '@novanet/host-plan';
import { NetworkServiceError } from '@novanet/ipam';
import { LinuxHost, SpawnCommandRunner, type CommandRunner, type ConvergeReport } from '@novanet/linux-net';
import { OsloBroker, OsloClient, OsloServer } from '@novanet/messaging';
import { nestOptions, withRequestId, type HealthCheck, type Logger } from '@novanet/observability';
import { createIpam, openDatabase, type Database, type Ipam } from '@novanet/persistence';
import type { IpAddress, Mac } from '@novanet/net-address';
import { HostConvergence } from '../hosts/host-convergence.js';
import { hostIntent, hostSettings } from '../hosts/host-intent.js';
import { StrayLeases } from '../hosts/stray-leases.js';
import { WorkerHosts } from '../hosts/worker-hosts.js';
import { RpcModule } from '../rpc/rpc.module.js';
import { Heartbeat } from './heartbeat.js';
import { every, type Repetition } from './every.js';
import { Housekeeping } from './housekeeping.js';
import { recordConverge, rpcMetrics } from './worker-metrics.js';

/** Connections to the database, and so transactions at a time. */
const databaseConnections = 16;

/** A worker from its start to its end: database first, then its host, then requests. */
export class Worker implements BeforeApplicationShutdown {
  private readonly server: OsloServer;
  private readonly peers: OsloClient;
  private readonly runner: CommandRunner;
  private readonly stopping = new AbortController();
  private readonly repetitions: Repetition[] = [];
  private database: Database | undefined;
  private convergence: HostConvergence<ConvergeReport> | undefined;
  private requests: INestMicroservice | undefined;
  private hostState = 'this host was not yet compared with the database';

  constructor(
    private readonly settings: Settings,
    private readonly log: Logger,
  ) {
    this.runner = new SpawnCommandRunner({ log });
    const broker = new OsloBroker({
      transportUrl: settings.transportUrl,
      serviceName: 'network-worker',
      controlExchange: settings.controlExchange,
      topology: settings,
      log,
    });
    this.peers = new OsloClient({ broker, timeoutMs: settings.rpcResponseTimeout * 1000 });
    this.server = new OsloServer({
      broker,
      topic: settings.networkTopic,
      host: settings.host,
      concurrency: settings.executorThreadPoolSize,
      describeError,
      isExpected: (error) => error instanceof NetworkServiceError && error.kind !== 'internal',
      observer: rpcMetrics,
      around: (context, run) => withRequestId(context.requestId, run),
    });
  }

  /** What the worker cannot do its work without. */
  get checks(): readonly HealthCheck[] {
    return [
      { name: 'database', check: () => this.checkDatabase() },
      { name: 'host', check: () => refuseUnlessEmpty(this.hostState) },
      { name: 'broker', check: () => refuseUnlessEmpty(this.server.isConnected ? '' : 'not connected') },
    ];
  }

  /** Resolves when requests are taken; waits for database and broker as long as it takes. */
  async start(): Promise<void> {
    const { settings, log } = this;
    this.database = await openDatabase({
      url: settings.databaseConnection,
      poolSize: databaseConnections,
      log,
      signal: this.stopping.signal,
    });
    const ipam = createIpam(this.database);
    const convergence = this.convergeOn(ipam);
    this.convergence = convergence;
    await convergence.converge();
    const options = { topic: settings.networkTopic, serviceDownSeconds: settings.serviceDownTime };
    const hosts = new WorkerHosts(settings.host, convergence, this.peers, ipam.services, options);
    const heartbeat = new Heartbeat(
      ipam.services,
      { host: settings.host, topic: settings.networkTopic },
      log,
    );
    await heartbeat.beat();
    this.repeat(settings.reportInterval, 'heartbeat', () => heartbeat.beat());
    const strays = new StrayLeases(ipam.fixedIps, settings.host, this.runner);
    const endLease = (address: IpAddress, mac: Mac) => strays.end(address, mac);
    const module = RpcModule.forRoot({ settings, ipam, hosts, endLease, log });
    this.requests = await NestFactory.createMicroservice(module, {
      ...nestOptions(log),
      strategy: this.server,
    });
    await this.requests.listen();
    const housekeeping = new Housekeeping(ipam, settings, log);
    this.repeat(settings.convergeInterval, 'convergence', async () => {
      await housekeeping.run();
      await convergence.converge();
    });
  }

  /** Takes no more requests, ends those it has, leaves the dataplane as it is. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.repetitions.map((repetition) => repetition.stop()));
    await this.requests?.close();
    await this.convergence?.idle();
    await this.peers.close();
    await this.database?.close();
  }

  private convergeOn(ipam: Ipam): HostConvergence<ConvergeReport> {
    const { settings, log } = this;
    const host = new LinuxHost({ runner: this.runner, log });
    const wanted = hostSettings(settings);
    return new HostConvergence(async () => {
      const startedAt = performance.now();
      try {
        const served = await ipam.fixedIps.servedBy(settings.host);
        const report = await host.converge(planHost(hostIntent(wanted, served)));
        this.hostState = '';
        recordConverge(report, startedAt);
        if (report.changed)
          log.info({ commands: report.commands, durations: report.durations }, 'host changed');
        for (const problem of report.problems) log.error(problem, 'host is not as it should be');
        return report;
      } catch (error) {
        this.hostState = error instanceof Error ? error.message : String(error);
        throw error;
      }
    });
  }

  private repeat(seconds: number, task: string, round: () => Promise<void>): void {
    const onError = (error: unknown) => this.log.error({ task, error }, 'periodic task failed');
    if (!this.stopping.signal.aborted) this.repetitions.push(every(seconds, round, onError));
  }

  private async checkDatabase(): Promise<void> {
    if (!this.database) throw new Error('not connected yet');
    await this.database.ping();
  }
}

function refuseUnlessEmpty(reason: string): void {
  if (reason !== '') throw new Error(reason);
}
