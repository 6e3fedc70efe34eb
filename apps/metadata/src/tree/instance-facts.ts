import {
  interfacesFile,
  networkData,
  networkInfo,
  type NetworkData,
  type NetworkInfoTraits,
} from '@novanet/contracts';
import type { Instance, Nic } from '@novanet/ipam';
import type { IpAddress } from '@novanet/net-address';
import { nicFacts, type NicFacts } from './nic-facts.js';

/** What the metadata of one instance is made of. */
export interface InstanceFacts {
  readonly uuid: string;
  /** `i-0000002a`. */
  readonly ec2Id: string;
  readonly projectId: string | null;
  readonly displayName: string | null;
  /** With domain. */
  readonly hostname: string;
  readonly availabilityZone: string;
  readonly launchIndex: number;
  readonly reservationId: string | null;
  readonly instanceType: string | null;
  readonly amiId: string | null;
  readonly kernelId: string | null;
  readonly ramdiskId: string | null;
  readonly key: { readonly name: string; readonly text: string } | null;
  /** Decoded; null: none was given. */
  readonly userData: Buffer | null;
  readonly meta: Readonly<Record<string, string>>;
  readonly securityGroups: readonly string[];
  readonly localIpv4: string;
  readonly createdAt: Date;
  /** The first floating IP; empty: none. */
  readonly publicIpv4: string;
  /** The first is the one that was allocated first. */
  readonly nics: readonly NicFacts[];
  readonly networkData: NetworkData;
  /** `/etc/network/interfaces`, where a network asks for it; undefined: nothing is injected. */
  readonly interfacesFile: string | undefined;
}

/** An instance with its NICs, found by the address it asked from. */
export interface FoundInstance {
  readonly instance: Instance;
  readonly nics: readonly Nic[];
}

// nova's default_availability_zone.
const DEFAULT_ZONE = 'nova';

/** How this cloud's networks are told of. */
export interface FactOptions {
  /** The option dhcp_domain; empty: none. */
  readonly domain: string;
  readonly traits: NetworkInfoTraits;
  readonly singleDefaultGateway: boolean;
}

/** @param caller the address the instance asked from; undefined: who asked in its name did not say */
export function factsOf(
  { instance, nics }: FoundInstance,
  caller: IpAddress | undefined,
  options: FactOptions,
): InstanceFacts {
  const { keyName, publicKey, userData, hostname } = instance;
  const { domain, traits } = options;
  const fixedIps = nics.flatMap((nic) => nic.fixedIps);
  const firstIpv4 = fixedIps.find(({ address }) => address.version === 4)?.address ?? caller;
  const network = networkInfo(nics, traits);
  return {
    ...instance,
    ec2Id: `i-${instance.id.toString(16).padStart(8, '0')}`,
    hostname: domain === '' ? hostname : `${hostname}.${domain}`,
    availabilityZone: instance.availabilityZone ?? DEFAULT_ZONE,
    key: keyName === null || publicKey === null ? null : { name: keyName, text: publicKey },
    userData: userData === null ? null : Buffer.from(userData, 'base64'),
    localIpv4: firstIpv4?.toString() ?? '',
    publicIpv4: fixedIps.flatMap(({ floatingAddresses }) => floatingAddresses)[0]?.toString() ?? '',
    nics: nicFacts(nics, network, traits),
    networkData: networkData(network, options),
    interfacesFile: interfacesFile(network, options),
  };
}
