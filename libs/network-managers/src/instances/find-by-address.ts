import { derivedIpv6, type Ipv6Backend } from '@novanet/contracts';
import { InvalidInput, subnetOf, type FixedIpLedger, type Nic } from '@novanet/ipam';

/** An instance and the address by which it was found. */
export interface FoundInstance {
  readonly instance_uuid: string;
  readonly ip: string;
}

/** `get_instance_uuids_by_ip_filter`: instances by an address, or by the beginning of one. */
export class FindByAddress {
  constructor(
    private readonly fixedIps: FixedIpLedger,
    private readonly traits: { readonly ipv6Backend: Ipv6Backend },
  ) {}

  /**
   * `fixed_ip` is a whole address; `ip` and `ip6` are patterns that the beginning of an IPv4 or IPv6 address matches.
   * The first one given counts. Throws InvalidInput for a pattern that could take long.
   */
  async run(filters: {
    readonly fixed_ip?: unknown;
    readonly ip?: unknown;
    readonly ip6?: unknown;
  }): Promise<FoundInstance[]> {
    const exact = textIn(filters.fixed_ip);
    const v4 = patternIn('ip', filters.ip);
    const v6 = patternIn('ip6', filters.ip6);
    const isWanted = (nic: Nic) =>
      this.addressesOf(nic).filter((address) =>
        exact !== undefined
          ? address === exact
          : v6?.test(address) === true || (v4?.test(address) === true && !address.includes(':')),
      );
    const nics = await this.fixedIps.allNics();
    return nics.flatMap((nic) => isWanted(nic).map((ip) => ({ instance_uuid: nic.vif.instanceUuid, ip })));
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

const LONGEST_PATTERN = 64;
const MOST_REPETITIONS = 3;

/** A repeated group, or many repetitions, make a matcher try for ever: no search for an address needs them. */
function patternIn(name: string, value: unknown): RegExp | undefined {
  const text = textIn(value);
  if (text === undefined) return undefined;
  const isSimple =
    text.length <= LONGEST_PATTERN &&
    !/\)[*+?{]|\\[1-9k]|\(\?/.test(text) &&
    (text.match(/[*+{]/g) ?? []).length <= MOST_REPETITIONS;
  if (!isSimple) throw new InvalidInput(`${name}: the pattern is too complicated for an address`);
  try {
    return new RegExp(`^(?:${text})`);
  } catch {
    throw new InvalidInput(`${name}: ${JSON.stringify(text)} is no pattern`);
  }
}
