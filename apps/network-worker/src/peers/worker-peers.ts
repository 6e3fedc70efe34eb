import type { Settings } from '@novanet/config';
import { OsloBroker, OsloClient } from '@novanet/messaging';
import type { Logger } from '@novanet/observability';
import { PeerComputeHosts } from './peer-compute-hosts.js';
import { PeerNameServers } from './peer-name-servers.js';
import { PeerNotifications } from './peer-notifications.js';

/** Everybody whom a worker talks to over the message bus. */
export class WorkerPeers {
  readonly broker: OsloBroker;
  readonly client: OsloClient;
  readonly computeHosts: PeerComputeHosts;
  readonly nameServers: PeerNameServers;
  readonly notifications: PeerNotifications;
  private readonly topic: string;

  constructor(settings: Settings, log: Logger) {
    this.topic = settings.networkTopic;
    this.broker = new OsloBroker({
      transportUrl: settings.transportUrl,
      serviceName: 'network-worker',
      controlExchange: settings.controlExchange,
      topology: settings,
      log,
    });
    this.client = new OsloClient({ broker: this.broker, timeoutMs: settings.rpcResponseTimeout * 1000 });
    this.computeHosts = new PeerComputeHosts(this.client, settings);
    this.nameServers = new PeerNameServers(this.client, this.topic, (err) => {
      log.warn({ err }, 'workers were not told that names changed');
    });
    this.notifications = new PeerNotifications(this.broker, settings, log);
  }

  /** Tells every worker that addresses in these networks changed (`update_dns_entries`). */
  announceDns(networkIds: readonly number[]): Promise<void> {
    return this.client.fanout({ topic: this.topic, version: '1.3' }, 'update_dns', {
      network_ids: networkIds,
    });
  }

  /** Sends what waits, within a limit, and fails the calls that are under way. */
  async close(): Promise<void> {
    await this.notifications.close();
    await this.client.close();
  }
}
