import { isServiceUp, NetworkHostUnavailable, type Service, type ServiceDirectory } from '@novanet/ipam';
import type { HostName } from '@novanet/net-address';
import type { NetworkHosts } from './network-hosts.port.js';

/** Which hosts are given networks: those that are alive and not disabled. */
export class HostChoice {
  constructor(
    private readonly services: ServiceDirectory,
    private readonly hosts: NetworkHosts,
    /** `service_down_time`. */
    private readonly serviceDownSeconds: number,
  ) {}

  /** For a host that somebody names. Throws NetworkHostUnavailable, which says so when the host is disabled. */
  async require(host: HostName): Promise<void> {
    await this.hosts.requireUp(host);
    const disabled = disabledAmong(await this.services.list(), host);
    if (!disabled) return;
    const because = disabled.disabledReason ? `: ${disabled.disabledReason}` : '';
    throw new NetworkHostUnavailable(host, `it is disabled${because}`);
  }

  /**
   * For a network that nobody serves: this worker, unless it is disabled; then the networks are spread over the others.
   * Throws NetworkHostUnavailable.
   */
  async choose(networkId: number): Promise<HostName> {
    const services = await this.services.list();
    const { self } = this.hosts;
    if (!disabledAmong(services, self)) return self;
    const now = new Date();
    const up = services.filter((service) => isServiceUp(service, now, this.serviceDownSeconds));
    const open = [...new Set(up.map(({ host }) => host))].filter((host) => !disabledAmong(services, host));
    const chosen = open[networkId % open.length];
    if (!chosen)
      throw new NetworkHostUnavailable(self, 'it is disabled, and so is every other that is alive');
    return chosen;
  }
}

function disabledAmong(services: readonly Service[], host: HostName): Service | undefined {
  return services.find((service) => service.host === host && service.isDisabled);
}
