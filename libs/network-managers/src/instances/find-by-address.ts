import { derivedIpv6, type Ipv6Backend } from '@novanet/contracts';
import { subnetOf, type FixedIpLedger, type Nic } from '@novanet/ipam';
import { addressPattern } from './address-pattern.js';

/** An instance and the address by which it was found. */
export interface FoundInstance {
  readonly instance_uuid: string;
  readonly ip: string;
}

/** `get_instance_uuids_by_ip_filter`: instances by an address, or by the beginning of one. */
export class FindByAddress {
  constructor(
    private readonly fixedIps: Pick<FixedIpLedger, 'allNics'>,
    private readonly traits: { readonly ipv6Backend: Ipv6Backend },
  ) {}

  /**
   * `fixed_ip` is a whole address; `ip` and `ip6` are patterns that the beginning of an IPv4 or IPv6 address matches.
   * What any of them finds counts. Throws InvalidInput for a pattern that could take long.
   */
  async run(filters: {
    readonly fixed_ip?: unknown;
    readonly ip?: unknown;
    readonly ip6?: unknown;
  }): Promise<FoundInstance[]> {
    const exact = textIn(filters.fixed_ip);
    const [v4, v6] = [textIn(filters.ip), textIn(filters.ip6)];
    const isWanted4 = v4 === undefined ? () => false : addressPattern('ip', v4);
    const isWanted6 = v6 === undefined ? () => false : addressPattern('ip6', v6);
    const isWanted = (address: string) =>
      address === exact || (address.includes(':') ? isWanted6(address) : isWanted4(address));
    const nics = await this.fixedIps.allNics();
    return nics.flatMap((nic) => {
      const found = this.addressesOf(nic).filter((address) => isWanted(address));
      return found.map((ip) => ({ instance_uuid: nic.vif.instanceUuid, ip }));
    });
  }

  /** What is allocated, and the IPv6 address the instance derives from its MAC. */
  private addressesOf({ vif, network, fixedIps }: Nic): string[] {
    const v6 = subnetOf(network, 6);
    const derived = v6 && derivedIpv6(vif.mac, v6.cidr, network.projectId, this.traits.ipv6Backend);
    return [...fixedIps.map(({ address }) => address.toString()), ...(derived ? [derived.toString()] : [])];
  }
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
