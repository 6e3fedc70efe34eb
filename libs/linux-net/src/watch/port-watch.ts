import { mayBeInstancePort } from '../links/instance-ports.js';
import type { LinkEvent } from './kernel-event.js';

/** Ports of one instance come together, and those of a host that starts again by the dozen. */
const QUIET_MS = 50;
const RETRY_MS = 1000;

/**
 * Sees instances being plugged into bridges and out of them: their filters come and go with their ports. No plan knows
 * when that happens.
 */
export class PortWatch {
  /** Device → the bridge that it was heard to be in. */
  private readonly ports = new Map<string, string>();
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  /** @param follow makes the host filter the ports that are there now; called again when it fails */
  constructor(private readonly follow: () => Promise<unknown>) {}

  hear(link: LinkEvent): void {
    if (!mayBeInstancePort(link)) return;
    const bridge = link.isGone ? undefined : link.master;
    if (this.ports.get(link.name) === bridge) return;
    if (bridge === undefined) this.ports.delete(link.name);
    else this.ports.set(link.name, bridge);
    this.followIn(QUIET_MS);
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private followIn(delayMs: number): void {
    if (this.isStopped) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      // Whoever follows says why it failed.
      this.follow().catch(() => this.followIn(RETRY_MS));
    }, delayMs);
  }
}
