import { isServiceUp, NetworkHostUnavailable, type Network, type ServiceDirectory } from '@novanet/ipam';
import type { ConvergeProblem, ConvergeReport } from '@novanet/linux-net';
import { RemoteError, RpcTimeout, RpcUndeliverable, type OsloClient } from '@novanet/messaging';
import type { HostName } from '@novanet/net-address';
import { HostSetupFailed, NetworkHosts } from '@novanet/network-managers';
import { workerBinary } from '../service/heartbeat.js';
import type { HostConvergence } from './host-convergence.js';

/** The hosts as a worker reaches them: its own by converging, the others by asking their workers to. */
export class WorkerHosts extends NetworkHosts {
  constructor(
    override readonly self: HostName,
    private readonly convergence: HostConvergence<ConvergeReport>,
    private readonly peers: OsloClient,
    private readonly services: ServiceDirectory,
    private readonly options: { readonly topic: string; readonly serviceDownSeconds: number },
  ) {
    super();
  }

  override async requireUp(host: HostName): Promise<void> {
    const services = await this.services.list();
    const worker = services.find((service) => service.host === host && service.binary === workerBinary);
    if (!worker) throw new NetworkHostUnavailable(host, 'no worker of that name ever reported');
    if (!isServiceUp(worker, new Date(), this.options.serviceDownSeconds)) {
      throw new NetworkHostUnavailable(host, `last heard of at ${worker.lastSeenAt.toISOString()}`);
    }
  }

  override async setUp(host: HostName, network: Network): Promise<void> {
    if (host !== this.self) return this.ask(host, network.id, false);
    const report = await this.convergence.converge();
    const problems = report.problems.filter((problem) => concerns(problem, network));
    if (problems.length === 0) return;
    throw new HostSetupFailed(
      host,
      network.uuid,
      problems.map((problem) => problem.message),
    );
  }

  override async tearDown(host: HostName, networkId: number): Promise<void> {
    if (host === this.self) await this.convergence.converge();
    else await this.ask(host, networkId, true);
  }

  private async ask(host: HostName, networkId: number, teardown: boolean): Promise<void> {
    await this.requireUp(host);
    const target = { topic: this.options.topic, server: host, version: '1.0' };
    try {
      await this.peers.call(target, 'rpc_setup_network_on_host', { network_id: networkId, teardown });
    } catch (error) {
      if (error instanceof RpcUndeliverable || error instanceof RpcTimeout) {
        throw new NetworkHostUnavailable(host, error.message);
      }
      if (error instanceof RemoteError) throw new HostSetupFailed(host, String(networkId), [error.message]);
      throw error;
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
