import { NestFactory } from '@nestjs/core';
import { loadSettings, type Settings } from '@novanet/config';
import { describeError } from '@novanet/contracts';
import type { ConvergeReport, LinuxHost } from '@novanet/linux-net';
import { OsloServer } from '@novanet/messaging';
import { managerTraits } from '@novanet/network-managers';
import { createLogger, nestOptions } from '@novanet/observability';
import { createIpam, openDatabase, type Ipam } from '@novanet/persistence';
import { workerFlows } from '../../flows/worker-flows.js';
import { HostConvergence } from '../../hosts/host-convergence.js';
import { OwnHost } from '../../hosts/own-host.js';
import { WorkerHosts } from '../../hosts/worker-hosts.js';
import { WorkerPeers } from '../../peers/worker-peers.js';
import { RpcModule } from '../../rpc/rpc.module.js';
import { Heartbeat } from '../../service/heartbeat.js';
import { Housekeeping } from '../../service/housekeeping.js';
import { ToldDoctor } from '../../testing/told-doctor.js';
import { leaseControl } from '../../testing/told-everybody.js';

const log = createLogger('test', 'fatal');

/** What makes one worker of a {@link TestCloud} different from the others. */
export interface WorkerWish {
  readonly host: string;
  readonly options: Readonly<Record<string, string>>;
  readonly databaseUrl: string;
  /** Is told of every statement; what it throws, the statement fails with. */
  readonly onStatement?: (sql: string) => void;
}

export type CloudWorker<Linux extends LinuxHost = LinuxHost> = Awaited<ReturnType<typeof bootWorker<Linux>>>;

/** A worker with everything it has in a cloud, on this kernel; `stop` ends it as SIGTERM does. */
export async function bootWorker<Linux extends LinuxHost>(wish: WorkerWish, linux: Linux) {
  const settings = settingsOf(wish);
  const { databaseUrl: url, onStatement } = wish;
  const database = await openDatabase({ url, poolSize: 8, log, ...(onStatement && { onStatement }) });
  const ipam = createIpam(database);
  const own = new OwnHost(ipam, settings, managerTraits(settings), linux, { warn: () => {} });
  const convergence = new HostConvergence((occasion) => own.converge(occasion));
  const peers = new WorkerPeers(settings, log);
  const { host, networkTopic: topic } = settings;
  await convergence.converge();
  await new Heartbeat(ipam.services, { host, topic }, log).beat();
  const service = await serve({ settings, ipam, convergence, peers });
  const stop = async () => {
    await service.stop();
    await peers.nameServers.idle();
    await convergence.idle();
    await peers.close();
    await database.close();
  };
  return {
    host,
    ipam,
    linux,
    endedLeases: service.endedLeases,
    converge: () => convergence.converge(),
    housekeeping: new Housekeeping(ipam, settings, log, service.deallocate),
    stop,
  };
}

interface ServiceParts {
  readonly settings: Settings;
  readonly ipam: Ipam;
  readonly convergence: HostConvergence<ConvergeReport>;
  readonly peers: WorkerPeers;
}

/** From here on it takes requests. */
async function serve({ settings, ipam, convergence, peers }: ServiceParts) {
  const { host, networkTopic: topic } = settings;
  const traits = managerTraits(settings);
  const hosts = new WorkerHosts({
    self: host,
    convergence,
    peers: peers.client,
    services: ipam.services,
    fixedIps: ipam.fixedIps,
    topic,
    serviceDownSeconds: settings.serviceDownTime,
    leavesUnusedNetworks: settings.teardownUnusedNetworkGateway,
  });
  const flows = workerFlows({ ...listenersOf(peers), settings, traits, ipam, hosts, log });
  const endedLeases: string[] = [];
  const control = leaseControl({ ended: endedLeases });
  const leases = { leaseSeconds: settings.dhcpLeaseTime, log, control, events: flows.fixedIpEvents };
  const module = RpcModule.forRoot({ traits, ipam, hosts, flows, leases, doctor: new ToldDoctor() });
  const strategy = new OsloServer({ broker: peers.broker, topic, host, describeError });
  const requests = await NestFactory.createMicroservice(module, { ...nestOptions(log), strategy });
  await requests.listen();
  const stop = async () => {
    await requests.close();
    await flows.securityGroups.idle();
  };
  return { endedLeases, deallocate: flows.deallocate, stop };
}

function listenersOf(peers: WorkerPeers) {
  const { computeHosts, nameServers, notifications } = peers;
  const announceDns = (networkIds: readonly number[]) => peers.announceDns(networkIds);
  return { computeHosts, nameServers, notifications, announceDns };
}

function settingsOf({ host, options }: WorkerWish): Settings {
  const all = {
    network_manager: 'FlatDHCPManager',
    flat_network_bridge: 'br100',
    my_ip: '192.0.2.11',
    ...options,
    host,
  };
  const env = Object.entries(all).map(([name, value]) => [`NOVANET_${name.toUpperCase()}`, value]);
  return loadSettings({ argv: [], env: Object.fromEntries(env) });
}
