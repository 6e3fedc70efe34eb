import type { OsloClient } from '@novanet/messaging';
import { NameServers } from '@novanet/network-managers';
import { SharedRun } from './shared-run.js';

/** Every host's dnsmasq, reached through its worker; changes at the same time share a message. */
export class PeerNameServers extends NameServers {
  private readonly announcement: SharedRun;

  constructor(peers: OsloClient, topic: string, onError: (error: unknown) => void) {
    super();
    const target = { topic, namespace: 'novanet', version: '1.0' };
    this.announcement = new SharedRun(() => peers.fanout(target, 'refresh_names'), onError);
  }

  override async refresh(): Promise<void> {
    this.announcement.request();
  }

  /** Resolves when nothing is on its way. */
  idle(): Promise<void> {
    return this.announcement.idle();
  }
}
