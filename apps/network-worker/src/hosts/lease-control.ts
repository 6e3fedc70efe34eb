import type { Settings } from '@novanet/config';
import { NetworkDhcpReleaseFailed, type FixedIpLedger } from '@novanet/ipam';
import { releaseLease, type CommandRunner } from '@novanet/linux-net';
import { Ipv4, type DeviceName, type IpAddress, type Mac } from '@novanet/net-address';

/** Makes this host's DHCP servers give up leases. */
export class LeaseControl {
  constructor(
    private readonly fixedIps: FixedIpLedger,
    private readonly settings: Pick<Settings, 'host' | 'fakeNetwork' | 'forceDhcpRelease'>,
    private readonly runner: CommandRunner,
  ) {}

  /**
   * Ends a lease that dnsmasq gave and the database does not know, because its instance was deleted while the event was
   * on its way: dnsmasq would keep the address from its next owner for as long as the lease lasts. Nothing happens if
   * dnsmasq gave the address to somebody else meanwhile, or without `force_dhcp_release`. Throws CommandFailed.
   */
  async endStray(address: IpAddress, mac: Mac): Promise<void> {
    if (!this.settings.forceDhcpRelease) return;
    const served = await this.fixedIps.servedBy(this.settings.host);
    const home = served.find(({ network }) => network.subnets.some(({ cidr }) => cidr.contains(address)));
    if (!home?.network.bridge || address.version !== 4 || this.settings.fakeNetwork) return;
    await releaseLease(this.runner, home.network.bridge, { mac, address: Ipv4.fromValue(address.value) });
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
