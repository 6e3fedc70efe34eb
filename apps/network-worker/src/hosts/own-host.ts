import type { Settings } from '@novanet/config';
import { planHost, type HostPlan } from '@novanet/host-plan';
import type { ConvergeProblem, ConvergeReport } from '@novanet/linux-net';
import type { ManagerTraits } from '@novanet/network-managers';
import type { ConvergeCause, Occasion } from './host-convergence.js';
import { HostRows, type PlanRows } from './host-rows.js';
import { OpenNetworks, type WarningLog } from './open-networks.js';

const nothing: ConvergeReport = { changed: false, commands: 0, problems: [], changes: [], durations: {} };

/** What happened on this host alone is answered without the database when that is away. */
const ON_THIS_HOST: ReadonlySet<ConvergeCause> = new Set(['drift', 'port']);

/** A plan, and what the database could not give for it. */
interface Wanted {
  readonly plan: HostPlan;
  readonly problems: readonly ConvergeProblem[];
}

/** The host this worker is responsible for: what the database wants of it, made real. */
export class OwnHost {
  private readonly rows: HostRows;
  private last: Wanted | undefined;

  constructor(
    ipam: PlanRows,
    private readonly settings: Settings,
    traits: ManagerTraits,
    private readonly linux: { converge(plan: HostPlan, isLook: boolean): Promise<ConvergeReport> },
    log: WarningLog,
  ) {
    this.rows = new HostRows(ipam, settings, traits, new OpenNetworks(settings, log));
  }

  /**
   * Compares the kernel with the database and mends the difference. What was only damaged, or plugged in, on this host is
   * mended without the database when that is away. With `fake_network` there is nothing to compare.
   */
  async converge({ cause, isLook, changed }: Occasion): Promise<ConvergeReport> {
    if (this.settings.fakeNetwork) return nothing;
    const { plan, problems } = await this.wanted(changed).catch((error: unknown) => {
      if (!ON_THIS_HOST.has(cause) || !this.last) throw error;
      return this.last;
    });
    this.last = { plan, problems };
    const report = await this.linux.converge(plan, isLook);
    return { ...report, problems: [...report.problems, ...problems] };
  }

  private async wanted(changed: Occasion['changed']): Promise<Wanted> {
    const { intent, problems } = await this.rows.read(changed);
    return { plan: planHost(intent), problems };
  }
}
