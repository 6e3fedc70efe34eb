import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Settings } from '@novanet/config';
import { OsloBroker, OsloClient } from '@novanet/messaging';
import { ObservabilityModule, type HealthCheck, type Logger } from '@novanet/observability';
import { Delivery } from './delivery.js';
import { RpcLeaseReporter } from './lease-reporter.js';
import { Spool } from './spool.js';

/** What the service consists of. */
export interface DhcpBridge {
  readonly client: OsloClient;
  readonly spool: Spool;
  readonly delivery: Delivery;
}

const BRIDGE = Symbol('BRIDGE');

/** The sender of lease events with its health page. */
@Module({})
export class DhcpBridgeModule implements OnApplicationShutdown {
  constructor(@Inject(BRIDGE) private readonly bridge: DhcpBridge) {}

  static forBridge(bridge: DhcpBridge): DynamicModule {
    return {
      module: DhcpBridgeModule,
      imports: [ObservabilityModule.forRoot({ checks: checksOf(bridge) })],
      providers: [{ provide: BRIDGE, useValue: bridge }],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.bridge.delivery.stop();
    await this.bridge.client.close();
  }
}

/** Makes the parts; nothing is opened yet. */
export function createDhcpBridge(settings: Settings, log: Logger): DhcpBridge {
  const broker = new OsloBroker({
    transportUrl: settings.transportUrl,
    serviceName: 'dhcpbridge',
    controlExchange: settings.controlExchange,
    topology: settings,
    log,
  });
  const client = new OsloClient({ broker, timeoutMs: settings.rpcResponseTimeout * 1000 });
  const spool = new Spool(settings.spoolPath);
  const reporter = new RpcLeaseReporter(client, settings.networkTopic, settings.host);
  return { client, spool, delivery: new Delivery(spool, reporter, log) };
}

function checksOf({ client, delivery }: DhcpBridge): readonly HealthCheck[] {
  const requireConnection = () => {
    if (!client.isConnected) throw new Error('no connection to the message broker');
  };
  return [
    { name: 'broker', check: requireConnection },
    { name: 'delivery', check: () => delivery.check() },
  ];
}
