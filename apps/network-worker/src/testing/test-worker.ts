import { NestFactory } from '@nestjs/core';
import { loadSettings } from '@novanet/config';
import { describeError } from '@novanet/contracts';
import type { InstanceReference } from '@novanet/ipam';
import { OsloBroker, OsloClient, OsloServer, type CallOptions } from '@novanet/messaging';
import type { HostName, IpAddress, Mac } from '@novanet/net-address';
import { ComputeHosts, managerTraits, NameServers, Notifications } from '@novanet/network-managers';
import { createLogger, nestOptions } from '@novanet/observability';
import { createIpam, openDatabase } from '@novanet/persistence';
import { createScratchDatabase, uniqueExchange } from '@novanet/testbed';
import { inject, onTestFinished } from 'vitest';
import { workerFlows } from '../flows/worker-flows.js';
import { RpcModule } from '../rpc/rpc.module.js';
import { ToldHosts } from './told-hosts.js';

const log = createLogger('test', 'fatal');

class ToldComputeHosts extends ComputeHosts {
  readonly told: string[] = [];
  override async refreshSecurityRules(
    host: HostName,
    instances: readonly InstanceReference[],
  ): Promise<void> {
    this.told.push(...instances.map(({ uuid }) => `${uuid} on ${host}`));
  }
}

class ToldNotifications extends Notifications {
  readonly told: { eventType: string; payload: Readonly<Record<string, unknown>> }[] = [];
  override async emit(eventType: string, payload: Readonly<Record<string, unknown>>): Promise<void> {
    this.told.push({ eventType, payload });
  }
}

class ToldNameServers extends NameServers {
  refreshed = 0;
  override async refresh(): Promise<void> {
    this.refreshed += 1;
  }
}

/** A worker's RPC side on a schema and an exchange of its own, for one test; its hosts and listeners are told, not real. */
export async function startWorker(options: Readonly<Record<string, string>> = {}) {
  const scratch = await createScratchDatabase(inject('databaseUrl'));
  onTestFinished(() => scratch.drop());
  const database = await openDatabase({ url: scratch.url, poolSize: 8, log });
  onTestFinished(() => database.close());
  const ipam = createIpam(database);
  const settings = loadSettings({ argv: [], env: environment(options) });
  const traits = managerTraits(settings);
  const told = {
    hosts: new ToldHosts(),
    computeHosts: new ToldComputeHosts(),
    notifications: new ToldNotifications(),
    nameServers: new ToldNameServers(),
    dns: [] as number[][],
    ended: [] as string[],
  };
  const { hosts } = told;
  const flows = workerFlows({
    settings,
    traits,
    ipam,
    hosts,
    computeHosts: told.computeHosts,
    nameServers: told.nameServers,
    notifications: told.notifications,
    announceDns: async (networkIds) => void told.dns.push([...networkIds]),
    log,
  });
  onTestFinished(() => flows.securityGroups.idle());
  const hear = async (address: IpAddress, mac: Mac) =>
    void told.ended.push(`${address.toString()} ${mac.toString()}`);
  const control = {
    endStray: hear,
    release: (_device: string, lease: { address: IpAddress; mac: Mac }) => hear(lease.address, lease.mac),
  };
  const leases = { leaseSeconds: settings.dhcpLeaseTime, log, control };
  const exchange = uniqueExchange();
  const topic = `network-${exchange}`;
  const broker = new OsloBroker({
    transportUrl: inject('amqpUrl'),
    serviceName: 'test',
    controlExchange: exchange,
    log,
  });
  const strategy = new OsloServer({ broker, topic, host: 'h1', describeError });
  const module = RpcModule.forRoot({ traits, ipam, hosts, flows, leases });
  const service = await NestFactory.createMicroservice(module, { ...nestOptions(log), strategy });
  await service.listen();
  onTestFinished(() => service.close());
  const client = new OsloClient({ broker, timeoutMs: 10_000 });
  onTestFinished(() => client.close());
  const call = (method: string, args: Record<string, unknown> = {}, more: CallOptions = {}) =>
    client.call({ topic, version: '1.0' }, method, args, more);
  const callOurs = (method: string, args: Record<string, unknown> = {}, more: CallOptions = {}) =>
    client.call({ topic, version: '1.0', namespace: 'novanet' }, method, args, more);
  return { ...told, ipam, flows, exchange, topic, client, call, callOurs };
}

export type TestWorker = Awaited<ReturnType<typeof startWorker>>;

function environment(options: Readonly<Record<string, string>>): Record<string, string> {
  const all = {
    network_manager: 'FlatDHCPManager',
    flat_network_bridge: 'br100',
    host: 'h1',
    my_ip: '192.0.2.11',
    ...options,
  };
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [`NOVANET_${name.toUpperCase()}`, value]),
  );
}
