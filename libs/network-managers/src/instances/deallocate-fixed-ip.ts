import type { DeallocateFixedIpArguments } from '@novanet/contracts';
import {
  FixedIpInvalid,
  FixedIpNotFoundForAddress,
  type FixedIp,
  type FixedIpLedger,
  type InstanceWhereabouts,
  type NetworkCatalogue,
} from '@novanet/ipam';
import { tryParseIp, type IpAddress } from '@novanet/net-address';
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
   * Repeatable: an address that is another instance's by now, or nobody's, is left alone. Throws FixedIpInvalid;
   * FixedIpNotFoundForAddress when no network has it.
   */
  async run(args: DeallocateFixedIpArguments): Promise<void> {
    const address = tryParseIp(args.address);
    if (!address) throw new FixedIpInvalid(args.address);
    const fixedIp = await this.parts.fixedIps.findByAddress(address);
    if (!fixedIp) return this.requireHome(address);
    const asked = args.instance?.uuid;
    const isOurs = !isUuid(asked) || asked.toLowerCase() === fixedIp.instanceUuid;
    if (fixedIp.instanceUuid !== null && isOurs) await this.take(fixedIp.instanceUuid, fixedIp);
  }

  /** From this instance, which holds it or did a moment ago; once, when the request has an id. */
  async take(instanceUuid: string, fixedIp: FixedIp, requestId?: string): Promise<void> {
    const { floatingIps, fixedIps } = this.parts;
    await floatingIps.detach(fixedIp);
    const released = await fixedIps.deallocateAddress(instanceUuid, fixedIp.address, requestId);
    if (released) await this.follow(instanceUuid, released);
  }

  /** What else there is to do when the address is free already. Repeatable. */
  async follow(
    instanceUuid: string,
    { networkId, address, lease }: Pick<FixedIp, 'networkId' | 'address' | 'lease'>,
  ): Promise<void> {
    const { networks, whereabouts, release, followers } = this.parts;
    const network = await networks.findById(networkId);
    const hosts = await whereabouts.hostsOf(instanceUuid);
    if (network) await release.run([{ network, fixedIps: [{ lease }] }], hosts);
    await followers.lost(instanceUuid, [address], [networkId]);
  }

  /** What is free has no row. */
  private async requireHome(address: IpAddress): Promise<void> {
    const networks = await this.parts.networks.list();
    const isSomewhere = networks.some(({ subnets }) => subnets.some(({ cidr }) => cidr.contains(address)));
    if (!isSomewhere) throw new FixedIpNotFoundForAddress(address.toString());
  }
}
