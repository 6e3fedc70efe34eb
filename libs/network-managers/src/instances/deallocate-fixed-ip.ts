import type { DeallocateFixedIpArguments } from '@novanet/contracts';
import {
  FixedIpInvalid,
  FixedIpNotFoundForAddress,
  type FixedIp,
  type FixedIpLedger,
  type InstanceWhereabouts,
  type NetworkCatalogue,
} from '@novanet/ipam';
import { tryParseIp } from '@novanet/net-address';
import type { ReleaseOnHosts } from '../hosts/release-on-hosts.js';
import { isUuid } from '../networks/argument-values.js';
import type { AddressFollowers } from './address-followers.port.js';

/** Takes the floating IPs off one address. */
export interface AddressDetachment {
  detach(fixedIp: FixedIp): Promise<void>;
}

/** `deallocate_fixed_ip`: one address; its NIC stays. */
export class DeallocateFixedIp {
  constructor(
    private readonly fixedIps: FixedIpLedger,
    private readonly networks: NetworkCatalogue,
    private readonly whereabouts: InstanceWhereabouts,
    private readonly floatingIps: AddressDetachment,
    private readonly release: ReleaseOnHosts,
    private readonly followers: AddressFollowers,
  ) {}

  /**
   * Repeatable: an address that is another instance's by now is left alone. Throws FixedIpInvalid,
   * FixedIpNotFoundForAddress.
   */
  async run(args: DeallocateFixedIpArguments): Promise<void> {
    const address = tryParseIp(args.address);
    if (!address) throw new FixedIpInvalid(args.address);
    const fixedIp = await this.fixedIps.findByAddress(address);
    if (!fixedIp) throw new FixedIpNotFoundForAddress(args.address);
    const asked = args.instance?.uuid;
    const isOurs = !isUuid(asked) || asked.toLowerCase() === fixedIp.instanceUuid;
    if (fixedIp.instanceUuid !== null && isOurs) await this.take(fixedIp.instanceUuid, fixedIp);
  }

  /** From this instance, which holds it or did a moment ago. */
  async take(instanceUuid: string, fixedIp: FixedIp): Promise<void> {
    const hosts = await this.whereabouts.hostsOf(instanceUuid);
    const network = await this.networks.findById(fixedIp.networkId);
    await this.floatingIps.detach(fixedIp);
    const released = await this.fixedIps.deallocateAddress(instanceUuid, fixedIp.address);
    if (!released || !network) return;
    await this.release.run([{ network, fixedIps: [released] }], hosts);
    await this.followers.lost(instanceUuid, [released.address], [network.id]);
  }
}
