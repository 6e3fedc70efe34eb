import type { HostPlan } from '@novanet/host-plan';
import { LinuxHost, SpawnCommandRunner, type ConvergeReport } from '@novanet/linux-net';
import type { Ipv4 } from '@novanet/net-address';

/** What a host was last told to do, in the model's words. */
export interface Told {
  readonly bridges: readonly string[];
  /** Bridge, address and MAC of each DHCP entry. */
  readonly answers: readonly string[];
  /** Floating IP and fixed IP. */
  readonly carries: readonly string[];
}

/** A host without a kernel: remembers its last plan, or refuses it. */
export class ToldKernel extends LinuxHost {
  isBroken = false;
  told: Told = { bridges: [], answers: [], carries: [] };

  constructor() {
    super(new SpawnCommandRunner());
  }

  override async converge(plan: HostPlan): Promise<ConvergeReport> {
    this.told = toldBy(plan);
    return { changed: true, commands: 0, problems: this.problems(plan), changes: [], durations: {} };
  }

  private problems({ floatingIps }: HostPlan) {
    if (!this.isBroken) return [];
    const addresses: Ipv4[] = floatingIps.map(({ address }) => address);
    return [{ subject: 'kernel', message: 'takes nothing', blocks: 'all' as const, floatingIps: addresses }];
  }
}

function toldBy({ bridges, dhcpServers, floatingIps }: HostPlan): Told {
  const answers = dhcpServers.flatMap(({ device, hosts }) =>
    hosts.map(({ address, mac }) => `${device} ${address.toString()} ${mac.toString()}`),
  );
  const carries = floatingIps.map(
    ({ address, fixedAddress }) => `${address.toString()} ${fixedAddress.toString()}`,
  );
  return {
    bridges: bridges.map(({ name }) => String(name)).toSorted(),
    answers: answers.toSorted(),
    carries: carries.toSorted(),
  };
}
