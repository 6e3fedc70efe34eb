import type { Settings } from '@novanet/config';
import { NetworkDhcpReleaseFailed, type FixedIpLedger } from '@novanet/ipam';
import { CommandFailed, releaseLease, type CommandRunner } from '@novanet/linux-net';
import { Ipv4, type DeviceName, type IpAddress, type Mac } from '@novanet/net-address';
import type { Logger } from '@novanet/observability';

/** Makes this host's DHCP servers give up leases. */
export class LeaseControl {
  constructor(
    private readonly fixedIps: Pick<FixedIpLedger, 'servedBy'>,
    private readonly settings: Pick<Settings, 'host' | 'fakeNetwork' | 'forceDhcpRelease'>,
    private readonly runner: Pick<CommandRunner, 'run'>,
    private readonly log: Pick<Logger, 'warn'>,
  ) {}

  /**
   * Ends a lease that dnsmasq gave and the database does not know, because its instance was deleted while the event was
   * on its way: dnsmasq would keep the address from its next owner for as long as the lease lasts. Nothing happens if
   * dnsmasq gave the address to somebody else meanwhile, or without `force_dhcp_release`. A host that cannot do it says
   * so in its log: the events of other instances must not wait until it can.
   */
  async endStray(address: IpAddress, mac: Mac): Promise<void> {
    if (!this.settings.forceDhcpRelease) return;
    const served = await this.fixedIps.servedBy(this.settings.host);
    const home = served.find(({ network }) => network.subnets.some(({ cidr }) => cidr.contains(address)));
    if (!home?.network.bridge || address.version !== 4 || this.settings.fakeNetwork) return;
    const lease = { mac, address: Ipv4.fromValue(address.value) };
    try {
      await releaseLease(this.runner, home.network.bridge, lease);
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      this.log.warn({ ...lease, error }, 'a lease of nobody was not given up');
    }
  }

  /** Throws NetworkDhcpReleaseFailed. */
  async release(device: DeviceName, lease: { readonly address: Ipv4; readonly mac: Mac }): Promise<void> {
    if (this.settings.fakeNetwork) return;
    try {
      await releaseLease(this.runner, device, lease);
    } catch (error) {
      throw new NetworkDhcpReleaseFailed(lease.address.toString(), lease.mac.toString(), { cause: error });
    }
  }
}
