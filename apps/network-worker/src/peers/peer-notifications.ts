import type { Settings } from '@novanet/config';
import { OsloNotifier, RpcContext, type OsloBroker } from '@novanet/messaging';
import { Notifications, type Caller } from '@novanet/network-managers';
import type { Logger } from '@novanet/observability';

/** Notifications as the option `[oslo_messaging_notifications] driver` wants them: over the broker, into the log, or not. */
export class PeerNotifications extends Notifications {
  private readonly notifiers: readonly OsloNotifier[];

  constructor(
    broker: OsloBroker,
    private readonly settings: Pick<Settings, 'host' | 'notificationDriver' | 'notificationTopics'>,
    private readonly log: Logger,
  ) {
    super();
    const topics = settings.notificationTopics;
    this.notifiers = settings.notificationDriver.flatMap((driver) =>
      driver === 'messaging' || driver === 'messagingv2'
        ? [new OsloNotifier({ broker, driver, topics })]
        : [],
    );
  }

  override async emit(
    eventType: string,
    payload: Readonly<Record<string, unknown>>,
    caller: Caller,
  ): Promise<void> {
    const publisherId = `network.${this.settings.host}`;
    if (this.settings.notificationDriver.includes('log'))
      this.log.info({ eventType, payload }, 'notification');
    const context = caller instanceof RpcContext ? { context: caller.values } : {};
    for (const notifier of this.notifiers) {
      notifier.notify({ eventType, payload, publisherId, priority: 'INFO', ...context });
    }
  }

  /** Sends what waits, within a limit. */
  async close(): Promise<void> {
    await Promise.all(this.notifiers.map((notifier) => notifier.close()));
  }
}
