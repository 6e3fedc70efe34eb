import type { FixedIpLedger } from '@novanet/ipam';
import { releaseLease, type CommandRunner } from '@novanet/linux-net';
import { Ipv4, type HostName, type IpAddress, type Mac } from '@novanet/net-address';

/**
 * Leases that dnsmasq gave and the database does not know, because their instance was deleted while the event was on its
 * way. dnsmasq would keep the address from its next owner for as long as the lease lasts.
 */
export class StrayLeases {
  constructor(
    private readonly fixedIps: FixedIpLedger,
    private readonly host: HostName,
    private readonly runner: CommandRunner,
  ) {}

  /** Nothing happens if dnsmasq gave the address to somebody else meanwhile. Throws CommandFailed. */
  async end(address: IpAddress, mac: Mac): Promise<void> {
    const served = await this.fixedIps.servedBy(this.host);
    const home = served.find(({ network }) => network.subnets.some(({ cidr }) => cidr.contains(address)));
    if (!home?.network.bridge || address.version !== 4) return;
    await releaseLease(this.runner, home.network.bridge, { mac, address: Ipv4.fromValue(address.value) });
  }
}
