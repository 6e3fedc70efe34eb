import type { Instance, Nic } from '@novanet/ipam';
import type { IpAddress } from '@novanet/net-address';

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
}

/** An instance with its NICs, found by the address it asked from. */
export interface FoundInstance {
  readonly instance: Instance;
  readonly nics: readonly Nic[];
}

// nova's default_availability_zone.
const DEFAULT_ZONE = 'nova';

/**
 * @param caller the address the instance asked from
 * @param domain the option dhcp_domain; empty: none
 */
export function factsOf({ instance, nics }: FoundInstance, caller: IpAddress, domain: string): InstanceFacts {
  const { keyName, publicKey, userData, hostname } = instance;
  const firstIpv4 = nics.flatMap((nic) => nic.fixedIps).find((fixedIp) => fixedIp.address.version === 4);
  return {
    ...instance,
    ec2Id: `i-${instance.id.toString(16).padStart(8, '0')}`,
    hostname: domain === '' ? hostname : `${hostname}.${domain}`,
    availabilityZone: instance.availabilityZone ?? DEFAULT_ZONE,
    key: keyName === null || publicKey === null ? null : { name: keyName, text: publicKey },
    userData: userData === null ? null : Buffer.from(userData, 'base64'),
    localIpv4: (firstIpv4?.address ?? caller).toString(),
  };
}
