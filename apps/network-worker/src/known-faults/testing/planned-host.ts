import type { HostPlan } from '@novanet/host-plan';
import { LinuxHost, SpawnCommandRunner, type ConvergeProblem, type ConvergeReport } from '@novanet/linux-net';

/** A host without a kernel: keeps the last plan, and is asked in vain when the test wants that. */
export class PlannedHost extends LinuxHost {
  plan: HostPlan | undefined;
  problems: readonly ConvergeProblem[] = [];
  /** What a converge waits for: a host that hangs. */
  stuck: Promise<void> | undefined;

  constructor() {
    super(new SpawnCommandRunner());
  }

  override async converge(plan: HostPlan): Promise<ConvergeReport> {
    await this.stuck;
    this.plan = plan;
    return { changed: true, commands: 0, problems: this.problems, changes: [], durations: {} };
  }

  /** The MACs that its DHCP servers answer, sorted. */
  get servedMacs(): string[] {
    const servers = this.plan?.dhcpServers ?? [];
    return servers.flatMap(({ hosts }) => hosts.map(({ mac }) => mac.toString())).toSorted();
  }

  get bridges(): string[] {
    return (this.plan?.bridges ?? []).map(({ name }) => String(name));
  }

  get carried(): string[] {
    return (this.plan?.floatingIps ?? []).map(({ address }) => address.toString());
  }
}
