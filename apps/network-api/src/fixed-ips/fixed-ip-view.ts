import type { FixedIp, Instance, ListedFixedIp, Network } from '@novanet/ipam';
import { subnetOf } from '@novanet/ipam';
import type { IpAddress } from '@novanet/net-address';

/** An address of a network as an administrator sees it. */
export interface FixedIpView {
  readonly address: string;
  readonly cidr: string;
  readonly host: string | null;
  readonly hostname: string | null;
  /** Since 2.4: no instance is given it, unless it is asked for the network's VPN. */
  readonly reserved?: boolean;
}

/** What is known of an address. A free one has no row. */
export interface KnownAddress {
  readonly address: IpAddress;
  readonly network: Network;
  readonly fixedIp: FixedIp | undefined;
  readonly instance: Instance | undefined;
}

/** @param minor of the microversion */
export function fixedIpView(known: KnownAddress, minor: number): FixedIpView {
  const { address, network, instance } = known;
  const subnet = subnetOf(network, address.version);
  const view = {
    address: address.toString(),
    cidr: subnet?.cidr.toString() ?? '',
    host: instance?.host ?? null,
    hostname: instance?.hostname ?? null,
  };
  return minor < 4 ? view : { ...view, reserved: isReserved(known) };
}

/** The network's and the broadcast address are outside of its pool. */
function isReserved({ address, network, fixedIp }: KnownAddress): boolean {
  if (fixedIp) return fixedIp.role !== 'instance';
  const pool = subnetOf(network, address.version)?.pool;
  return !pool || address.compare(pool.first) < 0 || address.compare(pool.last) > 0;
}

/** An address of a list. */
export interface ListedFixedIpView {
  readonly address: string;
  readonly network_id: string;
  readonly label: string;
  readonly cidr: string;
  readonly role: string;
  readonly instance_uuid: string | null;
  readonly hostname: string | null;
  readonly host: string | null;
  readonly allocated: boolean;
  readonly leased: boolean;
  readonly reserved: boolean;
}

export function listedFixedIpView(fixedIp: ListedFixedIp): ListedFixedIpView {
  const { address, networkUuid, label, cidr, role, instanceUuid, hostname, host } = fixedIp;
  return {
    address,
    network_id: networkUuid,
    label,
    cidr,
    role,
    instance_uuid: instanceUuid,
    hostname,
    host,
    allocated: fixedIp.isAllocated,
    leased: fixedIp.isLeased,
    reserved: role !== 'instance',
  };
}
