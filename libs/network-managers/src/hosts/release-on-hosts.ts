import type { FixedIp, Network } from '@novanet/ipam';
import type { HostName } from '@novanet/net-address';
import type { NetworkHosts } from './network-hosts.port.js';
import type { ServingHosts } from './serving-hosts.js';

/** Addresses of one network that an instance held until now. */
export interface ReleasedAddresses {
  readonly network: Network;
  readonly fixedIps: readonly Pick<FixedIp, 'lease'>[];
}

/** Lets the hosts clean up behind an instance whose addresses are free already. */
export class ReleaseOnHosts {
  constructor(
    private readonly hosts: NetworkHosts,
    private readonly serving: ServingHosts,
    /** Told of a host that could not; it does so when it is back. */
    private readonly onProblem: (host: HostName, error: unknown) => void,
  ) {}

  /**
   * Never fails, and does not wait longer than a second for a host that is down: nova leaves the instance in error then.
   * Of a multi-host network the host that gave the lease is asked as well: after a migration it is another one.
   */
  async run(released: readonly ReleasedAddresses[], instanceHosts: readonly HostName[]): Promise<void> {
    const tasks = released.flatMap(({ network, fixedIps }) => {
      const serving = (network.isMultiHost ? instanceHosts : [null]).flatMap(
        (host) => this.serving.known(network, host) ?? [],
      );
      const leasing = network.isMultiHost ? fixedIps.flatMap(({ lease }) => lease?.host ?? []) : [];
      return [...new Set([...serving, ...leasing])].map((host) => this.tearDown(host, network.id));
    });
    await Promise.all(tasks);
  }

  private async tearDown(host: HostName, networkId: number): Promise<void> {
    try {
      await this.hosts.tearDown(host, networkId);
    } catch (error) {
      this.onProblem(host, error);
    }
  }
}
