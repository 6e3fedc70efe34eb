import type { ServiceDirectory } from '@novanet/ipam';
import type { Logger } from '@novanet/observability';
import type { HostName } from '@novanet/net-address';

/** The name of this kind of process in the table of services. */
export const workerBinary = 'network-worker';

/** Says that the worker is alive: at start, and every report_interval seconds. */
export class Heartbeat {
  constructor(
    private readonly services: ServiceDirectory,
    private readonly worker: { readonly host: HostName; readonly topic: string },
    private readonly log: Logger,
  ) {}

  /** A failure is logged: the next beat tries again, and the others see a worker that is not heard of. */
  async beat(): Promise<void> {
    try {
      await this.services.beat({ ...this.worker, binary: workerBinary });
    } catch (error) {
      this.log.warn({ err: error }, 'heartbeat not stored');
    }
  }
}
