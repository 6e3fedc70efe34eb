import type { Settings } from '@novanet/config';
import { DatabaseUnavailable, type FixedIpLedger } from '@novanet/ipam';
import { OsloNotificationListener, RpcClosed, type OsloBroker } from '@novanet/messaging';
import type {
  AddressFollowers,
  InstanceChange,
  InstanceNotifications,
  NameServers,
} from '@novanet/network-managers';
import type { Logger } from '@novanet/observability';

/** What {@link InstanceListener} works with. */
export interface InstanceListenerParts {
  readonly broker: OsloBroker;
  readonly settings: Pick<Settings, 'controlExchange' | 'notificationTopics'>;
  readonly flow: InstanceNotifications;
  readonly fixedIps: FixedIpLedger;
  readonly followers: AddressFollowers;
  readonly nameServers: NameServers;
  readonly log: Logger;
}

/** Follows what compute services notify of their instances; all workers share the work. */
export class InstanceListener {
  private readonly listener: OsloNotificationListener;

  constructor(private readonly parts: InstanceListenerParts) {
    const { broker, settings, flow } = parts;
    this.listener = new OsloNotificationListener({
      broker,
      queue: 'novanet_instance_notifications',
      exchanges: [settings.controlExchange],
      topics: settings.notificationTopics,
      handle: async (notification) => {
        const change = await flow.handle(notification);
        if (change) await this.follow(change);
      },
      isTransient: (error) => error instanceof DatabaseUnavailable,
    });
  }

  /** Returns at once: whoever notifies may begin before the broker is there. */
  start(): void {
    this.listener.start().catch((error: unknown) => {
      if (!(error instanceof RpcClosed))
        this.parts.log.error({ err: error }, 'notifications are not listened to');
    });
  }

  close(): Promise<void> {
    return this.listener.close();
  }

  /** A new name, and the hosts concerned: those compare themselves with the database. */
  private async follow({ uuid, isRenamed, isDeleted }: InstanceChange): Promise<void> {
    if (isRenamed && !isDeleted) {
      const nics = await this.parts.fixedIps.nicsOf(uuid);
      const addresses = nics.flatMap(({ fixedIps }) => fixedIps.map(({ address }) => address));
      await this.parts.followers.gained(uuid, addresses, []);
    }
    await this.parts.nameServers.refresh();
  }
}
