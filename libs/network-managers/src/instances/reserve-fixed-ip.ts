import type { FixedIpAddressArguments } from '@novanet/contracts';
import {
  AdminRequired,
  FixedIpInvalid,
  FixedIpNotFoundForAddress,
  subnetOf,
  type FixedIpReservations,
  type NetworkCatalogue,
} from '@novanet/ipam';
import { Ipv4, tryParseIp } from '@novanet/net-address';
import type { Caller } from '../caller.js';

/** `reserve_fixed_ip` and `unreserve_fixed_ip`: which addresses no instance is given. In nova the API writes that itself. */
export class ReserveFixedIp {
  constructor(
    private readonly networks: NetworkCatalogue,
    private readonly reservations: FixedIpReservations,
  ) {}

  /** Repeatable. Throws AdminRequired, FixedIpInvalid, FixedIpNotFoundForAddress, FixedIpAlreadyInUse. */
  async reserve(args: FixedIpAddressArguments, caller: Caller): Promise<void> {
    const { subnetId, address } = await this.find(args, caller);
    await this.reservations.add(subnetId, address);
  }

  /** Repeatable. Throws AdminRequired, FixedIpInvalid, FixedIpNotFoundForAddress, InvalidInput (a gateway). */
  async unreserve(args: FixedIpAddressArguments, caller: Caller): Promise<void> {
    const { subnetId, address } = await this.find(args, caller);
    await this.reservations.remove(subnetId, address);
  }

  /** IPv6 addresses are not handed out, so there is none to reserve. */
  private async find(
    { address: text }: FixedIpAddressArguments,
    caller: Caller,
  ): Promise<{ subnetId: number; address: Ipv4 }> {
    if (!caller.isAdmin) throw new AdminRequired();
    if (!tryParseIp(text)) throw new FixedIpInvalid(text);
    const address = Ipv4.tryParse(text);
    const networks = address ? await this.networks.list() : [];
    for (const network of networks) {
      const subnet = subnetOf(network, 4);
      if (address && subnet?.cidr.contains(address)) return { subnetId: subnet.id, address };
    }
    throw new FixedIpNotFoundForAddress(text);
  }
}
