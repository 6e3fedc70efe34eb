import type { Subnet } from '../networks/network.js';
import { ringSize } from './address-ring.js';

/** What the rows of a subnet say. */
export interface AddressCounts {
  /** Instances hold them. */
  readonly allocated: number;
  /** dnsmasq gave them out, to whoever holds or held them. */
  readonly leased: number;
  /** Nobody holds them any more, but a lease still runs. */
  readonly draining: number;
  /** All rows of the pool, whatever they are for. */
  readonly usedOfPool: number;
  /** NICs in the network: each has an address of its own making where there is no pool. */
  readonly nics: number;
}

/** How the addresses of a subnet are used: those allocated, draining, reserved and free make up its size. */
export interface SubnetUsage extends Pick<AddressCounts, 'allocated' | 'leased' | 'draining'> {
  readonly subnet: Subnet;
  /** Null where instances make their addresses themselves (IPv6), as are the next two. */
  readonly size: number | null;
  /** Kept for hosts, routers and the VPN, or outside of what is handed out. */
  readonly reserved: number | null;
  readonly free: number | null;
}

export function subnetUsage(subnet: Subnet, counts: AddressCounts): SubnetUsage {
  const { leased, draining, nics } = counts;
  if (!subnet.pool)
    return { subnet, allocated: nics, leased, draining, size: null, reserved: null, free: null };
  const { allocated } = counts;
  const size = Number(subnet.cidr.size);
  const free = ringSize(subnet.pool) - counts.usedOfPool;
  return { subnet, allocated, leased, draining, size, reserved: size - free - allocated - draining, free };
}
