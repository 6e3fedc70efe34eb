import type { NetworkInfo, NetworkInfoTraits } from '@novanet/contracts';
import type { Nic } from '@novanet/ipam';

/** What Amazon's newer versions tell of a NIC. */
export interface NicFacts {
  readonly uuid: string;
  readonly mac: string;
  readonly networkUuid: string;
  /** 0 is the first. */
  readonly number: number;
  /** DHCP tells it its first IPv4 address. */
  readonly isServed: boolean;
  readonly ipv4: SubnetFacts;
  readonly ipv6: SubnetFacts;
  readonly floatingIps: readonly { readonly floating: string; readonly fixed: string }[];
}

interface SubnetFacts {
  readonly cidr: string | null;
  readonly addresses: readonly string[];
}

type SubnetInfo = NetworkInfo[number]['network']['subnets'][number];

/** @param network the network_info of these NICs */
export function nicFacts(
  nics: readonly Nic[],
  network: NetworkInfo,
  { servesDhcp }: NetworkInfoTraits,
): NicFacts[] {
  const hasDhcp = nics.map((nic) => servesDhcp && nic.network.enableDhcp);
  return network.map(({ id, address, network: { id: networkUuid, subnets } }, number) => {
    const [ipv4, ipv6] = [subnetFacts(subnets[0]), subnetFacts(subnets[1])];
    return {
      uuid: id,
      mac: address,
      networkUuid,
      number,
      isServed: hasDhcp[number] === true && ipv4.addresses.length > 0,
      ipv4,
      ipv6,
      floatingIps: floatingIps(subnets[0]),
    };
  });
}

function subnetFacts({ cidr, ips }: SubnetInfo): SubnetFacts {
  return { cidr, addresses: addressesOf(ips) };
}

function floatingIps({ ips }: SubnetInfo): NicFacts['floatingIps'] {
  return ips.flatMap(({ address, floating_ips: floating }) =>
    address === null ? [] : addressesOf(floating).map((one) => ({ floating: one, fixed: address })),
  );
}

function addressesOf(infos: readonly { readonly address: string | null }[]): string[] {
  return infos.flatMap(({ address }) => address ?? []);
}
