import type { BeforeApplicationShutdown, INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Settings } from '@novanet/config';
import { describeError } from '@novanet/contracts';
import { NetworkServiceError } from '@novanet/ipam';
import {
  HostWatch,
  LinuxHost,
  ProgramStarter,
  SpawnCommandRunner,
  type ConvergeProblem,
  type ConvergeReport,
} from '@novanet/linux-net';
import { OsloServer } from '@novanet/messaging';
import { managerTraits, type ManagerTraits } from '@novanet/network-managers';
import { nestOptions, withRequestId, type HealthCheck, type Logger } from '@novanet/observability';
import { createIpam, openDatabase, type Database, type Ipam } from '@novanet/persistence';
import { OwnDoctor } from '../doctor/host-doctor.js';
import { workerFlows, type WorkerFlows } from '../flows/worker-flows.js';
import { HostConvergence, type ConvergeCause, type Occasion } from '../hosts/host-convergence.js';
import { LeaseControl } from '../hosts/lease-control.js';
import { OwnHost } from '../hosts/own-host.js';
import { ownServers } from '../hosts/own-servers.js';
import { WorkerHosts } from '../hosts/worker-hosts.js';
import { InstanceListener } from '../notifications/instance-listener.js';
import { WorkerPeers } from '../peers/worker-peers.js';
import { RpcModule } from '../rpc/rpc.module.js';
import { Heartbeat } from './heartbeat.js';
import { every, type Repetition } from './every.js';
import { Housekeeping } from './housekeeping.js';
import { countDrift, recordConverge, rpcMetrics } from './worker-metrics.js';

/** Connections to the database, and so transactions at a time. */
const databaseConnections = 16;

/** A worker from its start to its end: database first, then its host, then requests. */
export class Worker implements BeforeApplicationShutdown {
  private readonly server: OsloServer;
  private readonly peers: WorkerPeers;
  private readonly starter: ProgramStarter | undefined;
  private readonly runner: SpawnCommandRunner;
  private readonly linux: LinuxHost;
  private readonly traits: ManagerTraits;
  private readonly stopping = new AbortController();
  private readonly repetitions: Repetition[] = [];
  private database: Database | undefined;
  private convergence: HostConvergence<ConvergeReport> | undefined;
  private watch: HostWatch | undefined;
  private flows: WorkerFlows | undefined;
  private listener: InstanceListener | undefined;
  private requests: INestMicroservice | undefined;
  private requestsUnderWay = 0;
  private hostState = 'this host was not yet compared with the database';

  /** @param options.force interfaces go into bridges whoever is cut off by it */
  constructor(
    private readonly settings: Settings,
    private readonly log: Logger,
    private readonly options: { readonly force: boolean },
  ) {
    this.starter = settings.fakeNetwork ? undefined : new ProgramStarter(log);
    this.runner = new SpawnCommandRunner({ log, ...(this.starter && { starter: this.starter }) });
    this.linux = this.linuxHost();
    this.traits = managerTraits(settings);
    this.peers = new WorkerPeers(settings, log);
    this.server = new OsloServer({
      broker: this.peers.broker,
      topic: settings.networkTopic,
      host: settings.host,
      concurrency: settings.executorThreadPoolSize,
      describeError,
      isExpected: (error) => error instanceof NetworkServiceError && error.kind !== 'internal',
      observer: rpcMetrics,
      around: (context, run) => this.counted(() => withRequestId(context.requestId, run)),
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
    const ipam = createIpam(this.database, { macAttempts: settings.createUniqueMacAddressAttempts });
    const watch = this.watchHost();
    const convergence = this.convergeOn(ipam, watch);
    this.convergence = convergence;
    // What happens to the host from here on is seen, what happened before is found by the first look.
    if (!settings.fakeNetwork) await watch.start();
    await convergence.converge();
    const heartbeat = new Heartbeat(
      ipam.services,
      { host: settings.host, topic: settings.networkTopic },
      log,
    );
    await heartbeat.beat();
    this.repeat(settings.reportInterval, 'heartbeat', () => heartbeat.beat());
    const { deallocate } = await this.serve(ipam, convergence);
    const housekeeping = new Housekeeping(ipam, settings, log, deallocate);
    this.repeat(settings.convergeInterval, 'convergence', async () => {
      // What was freed is no drift.
      if (await housekeeping.run()) await convergence.converge();
      await convergence.converge('interval');
    });
  }

  /** Takes no more requests, ends those it has, leaves the dataplane as it is. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.repetitions.map((repetition) => repetition.stop()));
    await this.watch?.stop();
    await this.listener?.close();
    await this.requests?.close();
    await this.convergence?.idle();
    await this.flows?.securityGroups.idle();
    await this.peers.nameServers.idle();
    await this.peers.close();
    await this.database?.close();
    this.starter?.close();
  }

  private async serve(ipam: Ipam, convergence: HostConvergence<ConvergeReport>): Promise<WorkerFlows> {
    const { settings, log, peers, traits } = this;
    const hosts = new WorkerHosts({
      self: settings.host,
      convergence,
      peers: peers.client,
      services: ipam.services,
      fixedIps: ipam.fixedIps,
      topic: settings.networkTopic,
      serviceDownSeconds: settings.serviceDownTime,
      leavesUnusedNetworks: settings.teardownUnusedNetworkGateway,
    });
    const flows = workerFlows({
      settings,
      traits,
      ipam,
      hosts,
      computeHosts: peers.computeHosts,
      nameServers: peers.nameServers,
      notifications: peers.notifications,
      announceDns: (networkIds) => peers.announceDns(networkIds),
      log,
    });
    this.flows = flows;
    this.listener = new InstanceListener({
      broker: peers.broker,
      settings,
      flow: flows.instanceNotifications,
      fixedIps: ipam.fixedIps,
      followers: flows.followers,
      nameServers: peers.nameServers,
      log,
    });
    this.listener.start();
    const control = new LeaseControl(ipam.fixedIps, settings, this.runner, log);
    const leases = { leaseSeconds: settings.dhcpLeaseTime, log, control, events: flows.fixedIpEvents };
    const converge = () => convergence.converge('drift');
    const doctor = new OwnDoctor({ ipam, settings, traits, linux: this.linux, converge });
    this.requests = await NestFactory.createMicroservice(
      RpcModule.forRoot({ traits, ipam, hosts, flows, leases, doctor }),
      { ...nestOptions(log), strategy: this.server },
    );
    await this.requests.listen();
    return flows;
  }

  private async counted<T>(request: () => Promise<T>): Promise<T> {
    this.requestsUnderWay += 1;
    try {
      return await request();
    } finally {
      this.requestsUnderWay -= 1;
    }
  }

  private linuxHost(): LinuxHost {
    const force = (loss: ConvergeProblem) => this.log.warn(loss, 'done all the same, because of --force');
    const safety = { endpoints: ownServers(this.settings), ...(this.options.force && { force }) };
    return new LinuxHost(this.runner, safety);
  }

  private watchHost(): HostWatch {
    const { runner, log } = this;
    const mend = async (faults: readonly string[]) => {
      log.warn({ faults: first(faults) }, 'host differs from its plan');
      await this.convergence?.converge('drift');
    };
    const followPorts = async () => this.convergence?.converge('port');
    this.watch = new HostWatch({
      host: this.linux,
      runner,
      mend,
      ...(this.settings.firewallDriver !== 'noop' && { followPorts }),
      log,
    });
    return this.watch;
  }

  private convergeOn(ipam: Ipam, host: HostWatch): HostConvergence<ConvergeReport> {
    const { settings, log } = this;
    const own = new OwnHost(ipam, settings, this.traits, host, log);
    const run = async (occasion: Occasion) => {
      const startedAt = performance.now();
      try {
        const report = await own.converge(occasion);
        this.hostState = '';
        recordConverge(report, startedAt);
        this.tellChanges(report, occasion.cause);
        for (const problem of report.problems) log.error(problem, 'host is not as it should be');
        return report;
      } catch (error) {
        this.hostState = error instanceof Error ? error.message : String(error);
        throw error;
      }
    };
    return new HostConvergence(run, () => this.requestsUnderWay);
  }

  private tellChanges({ changed, changes, commands, durations }: ConvergeReport, cause: ConvergeCause): void {
    if (changed) this.log.info({ commands, durations }, 'host changed');
    // With a port its filters come and go.
    const drift = cause === 'port' ? changes.filter(({ stage }) => stage !== 'firewall') : changes;
    if (cause === 'request' || drift.length === 0) return;
    countDrift(drift);
    const mended = Object.fromEntries(drift.map(({ stage, subjects }) => [stage, first(subjects)]));
    this.log.warn({ cause, mended }, 'host had changed without a request and was mended');
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

/** A thousand addresses make no readable line. */
function first(subjects: readonly string[]): readonly string[] {
  return subjects.length <= 20 ? subjects : [...subjects.slice(0, 20), `and ${subjects.length - 20} more`];
}

function refuseUnlessEmpty(reason: string): void {
  if (reason !== '') throw new Error(reason);
}
