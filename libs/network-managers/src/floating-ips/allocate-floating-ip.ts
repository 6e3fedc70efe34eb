import type { AllocateFloatingIpArguments } from '@novanet/contracts';
import { Forbidden, InvalidInput, type FloatingIp, type FloatingIpLedger } from '@novanet/ipam';
import { isUser, type Caller } from '../caller.js';
import type { FloatingIpEvents } from './floating-ip-events.js';

export interface FloatingIpOptions {
  /** `default_floating_pool`. */
  readonly pool: string;
  /** `floating_ip_quarantine`. */
  readonly restSeconds: number;
  /** `quota_floating_ips`: −1 for any number. */
  readonly quota: number;
}

/** `allocate_floating_ip`: an address of a pool for a project. */
export class AllocateFloatingIp {
  constructor(
    private readonly ledger: FloatingIpLedger,
    private readonly events: FloatingIpEvents,
    private readonly options: FloatingIpOptions,
  ) {}

  /**
   * Throws FloatingIpPoolNotFound, FloatingIpLimitExceeded, NoMoreFloatingIps; Forbidden for another project; InvalidInput
   * without any.
   */
  async run(args: AllocateFloatingIpArguments, caller: Caller, requestId: string): Promise<FloatingIp> {
    const projectId = args.project_id || caller.projectId;
    if (!projectId) throw new InvalidInput('a floating IP needs a project');
    if (isUser(caller) && projectId !== caller.projectId) throw new Forbidden();
    const { pool, restSeconds, quota } = this.options;
    const floatingIp = await this.ledger.allocate({
      projectId,
      isAutoAssigned: args.auto_assigned === true,
      pool: args.pool || pool,
      restSeconds,
      limit: quota,
      requestId,
    });
    await this.events.allocated(floatingIp, caller);
    return floatingIp;
  }
}
