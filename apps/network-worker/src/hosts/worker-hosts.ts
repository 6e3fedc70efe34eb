import {
  hasHostAddresses,
  isServiceUp,
  NetworkHostUnavailable,
  NoFloatingIpInterface,
  type FixedIpLedger,
  type Network,
  type ServiceDirectory,
} from '@novanet/ipam';
import type { ConvergeProblem, ConvergeReport } from '@novanet/linux-net';
import { RemoteError, RpcTimeout, RpcUndeliverable, type OsloClient } from '@novanet/messaging';
import type { HostName } from '@novanet/net-address';
import {
  HostSetupFailed,
  NetworkHosts,
  type CarriedFloatingIp,
  type ChangedRows,
} from '@novanet/network-managers';
import { workerBinary } from '../service/heartbeat.js';
import type { HostConvergence } from './host-convergence.js';

/** What {@link WorkerHosts} works with. */
export interface WorkerHostParts {
  readonly self: HostName;
  readonly convergence: HostConvergence<ConvergeReport>;
  readonly peers: OsloClient;
  readonly services: ServiceDirectory;
  readonly fixedIps: FixedIpLedger;
  readonly topic: string;
  /** `service_down_time`. */
  readonly serviceDownSeconds: number;
  /** `teardown_unused_network_gateway`. */
  readonly leavesUnusedNetworks: boolean;
}

/** A host that does not clean up at once does so when it next compares itself with the database: nobody waits for that. */
const CLEANING_MS = 400;

/** The hosts as a worker reaches them: its own by converging, the others by asking their workers to. */
export class WorkerHosts extends NetworkHosts {
  constructor(private readonly parts: WorkerHostParts) {
    super();
  }

  override get self(): HostName {
    return this.parts.self;
  }

  override async requireUp(host: HostName): Promise<void> {
    const services = await this.parts.services.list();
    const worker = services.find((service) => service.host === host && service.binary === workerBinary);
    if (!worker) throw new NetworkHostUnavailable(host, 'no worker of that name ever reported');
    if (!isServiceUp(worker, new Date(), this.parts.serviceDownSeconds)) {
      throw new NetworkHostUnavailable(host, `last heard of at ${worker.lastSeenAt.toISOString()}`);
    }
  }

  override async refreshSelf(changed: ChangedRows): Promise<void> {
    await this.parts.convergence.converge('request', changed);
  }

  override async setUp(host: HostName, network: Network): Promise<void> {
    if (host !== this.self) {
      await this.ask(host, 'rpc_setup_network_on_host', { network_id: network.id, teardown: false });
      return;
    }
    if (hasHostAddresses(network)) await this.parts.fixedIps.claimHostAddress(network, host);
    const report = await this.parts.convergence.converge();
    const problems = report.problems.filter((problem) => concerns(problem, network));
    if (problems.length === 0) return;
    throw new HostSetupFailed(
      host,
      network.uuid,
      problems.map((problem) => problem.message),
    );
  }

  override async tearDown(host: HostName, networkId: number): Promise<void> {
    if (host !== this.self) {
      const args = { network_id: networkId, teardown: true };
      await this.ask(host, 'rpc_setup_network_on_host', args, CLEANING_MS);
      return;
    }
    if (this.parts.leavesUnusedNetworks) await this.leaveUnused(networkId);
    await this.parts.convergence.converge();
  }

  override async carryFloatingIp(host: HostName, floatingIp: CarriedFloatingIp): Promise<void> {
    if (host !== this.self) {
      await this.ask(host, '_associate_floating_ip', {
        floating_address: floatingIp.address.toString(),
        fixed_address: floatingIp.fixedAddress.toString(),
        interface: floatingIp.interface,
        instance_uuid: floatingIp.instanceUuid,
        recorded: true,
      });
      return;
    }
    const { problems } = await this.parts.convergence.converge('request', floatingIp.address);
    const own = problems.filter(({ floatingIps = [] }) =>
      floatingIps.some((address) => address.equals(floatingIp.address)),
    );
    const missing = own.find(({ missingInterface }) => missingInterface !== undefined);
    if (missing) throw new NoFloatingIpInterface(String(missing.missingInterface));
    const [problem] = own;
    if (problem) throw new HostSetupFailed(host, floatingIp.address.toString(), [problem.message]);
  }

  override async dropFloatingIp(host: HostName, floatingIp: CarriedFloatingIp): Promise<void> {
    if (host !== this.self) {
      const args = {
        address: floatingIp.address.toString(),
        interface: floatingIp.interface,
        instance_uuid: floatingIp.instanceUuid,
        recorded: true,
      };
      await this.ask(host, '_disassociate_floating_ip', args, CLEANING_MS);
      return;
    }
    await this.parts.convergence.converge('request', floatingIp.address);
  }

  /** The host's own address in a multi-host network goes back when no instance of the host is left in it. */
  private async leaveUnused(networkId: number): Promise<void> {
    const served = await this.parts.fixedIps.servedBy(this.self);
    const own = served.find(({ network }) => network.id === networkId);
    if (own && hasHostAddresses(own.network) && own.hosts.length === 0) {
      await this.parts.fixedIps.releaseHostAddresses(this.self, networkId);
    }
  }

  private async ask(
    host: HostName,
    method: string,
    args: Readonly<Record<string, unknown>>,
    timeoutMs?: number,
  ): Promise<void> {
    await this.requireUp(host);
    const target = { topic: this.parts.topic, server: host, version: '1.17' };
    try {
      await this.parts.peers.call(target, method, args, timeoutMs === undefined ? {} : { timeoutMs });
    } catch (error) {
      if (error instanceof RpcUndeliverable || error instanceof RpcTimeout) {
        throw new NetworkHostUnavailable(host, error.message);
      }
      if (!(error instanceof RemoteError)) throw error;
      if (error.className === 'NoFloatingIpInterface') {
        throw new NoFloatingIpInterface(String(error.kwargs['interface']));
      }
      throw new HostSetupFailed(host, method, [error.message]);
    }
  }
}

/**
 * Whether the network does not work on this host. An interface that is missing from the bridge is logged, and no reason
 * to refuse an instance: it is connected, only not with other hosts.
 */
function concerns({ blocks }: ConvergeProblem, { bridge }: Network): boolean {
  return blocks === 'all' || (blocks !== undefined && blocks === bridge);
}
