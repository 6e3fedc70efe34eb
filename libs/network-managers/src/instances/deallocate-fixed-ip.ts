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

/** What {@link DeallocateFixedIp} works with. */
export interface AddressReleaseParts {
  readonly fixedIps: FixedIpLedger;
  readonly networks: NetworkCatalogue;
  readonly whereabouts: InstanceWhereabouts;
  readonly floatingIps: AddressDetachment;
  readonly release: ReleaseOnHosts;
  readonly followers: AddressFollowers;
}

/** `deallocate_fixed_ip`: one address; its NIC stays. */
export class DeallocateFixedIp {
  constructor(private readonly parts: AddressReleaseParts) {}

  /**
   * Repeatable: an address that is another instance's by now is left alone. Throws FixedIpInvalid,
   * FixedIpNotFoundForAddress.
   */
  async run(args: DeallocateFixedIpArguments): Promise<void> {
    const address = tryParseIp(args.address);
    if (!address) throw new FixedIpInvalid(args.address);
    const fixedIp = await this.parts.fixedIps.findByAddress(address);
    if (!fixedIp) throw new FixedIpNotFoundForAddress(args.address);
    const asked = args.instance?.uuid;
    const isOurs = !isUuid(asked) || asked.toLowerCase() === fixedIp.instanceUuid;
    if (fixedIp.instanceUuid !== null && isOurs) await this.take(fixedIp.instanceUuid, fixedIp);
  }

  /** From this instance, which holds it or did a moment ago. */
  async take(instanceUuid: string, fixedIp: FixedIp): Promise<void> {
    const hosts = await this.parts.whereabouts.hostsOf(instanceUuid);
    const network = await this.parts.networks.findById(fixedIp.networkId);
    await this.parts.floatingIps.detach(fixedIp);
    const released = await this.parts.fixedIps.deallocateAddress(instanceUuid, fixedIp.address);
    if (!released || !network) return;
    await this.parts.release.run([{ network, fixedIps: [released] }], hosts);
    await this.parts.followers.lost(instanceUuid, [released.address], [network.id]);
  }
}
