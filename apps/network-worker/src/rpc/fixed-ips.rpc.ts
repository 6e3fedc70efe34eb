import { Controller, Inject } from '@nestjs/common';
import {
  FixedIpAddressArguments,
  fixedIpObject,
  LeaseEventArguments,
  parseArguments,
} from '@novanet/contracts';
import { renderLeases } from '@novanet/host-plan';
import {
  FixedIpInvalid,
  FixedIpLedger,
  FixedIpNotFoundForAddress,
  Forbidden,
  InstanceRegistry,
  NetworkCatalogue,
} from '@novanet/ipam';
import { RpcMethod, type RpcContext } from '@novanet/messaging';
import { Mac, tryParseIp, type IpAddress } from '@novanet/net-address';
import { isVisible, NetworkHosts } from '@novanet/network-managers';
import type { Logger } from '@novanet/observability';
import { withExpiry } from '../hosts/host-intent.js';
import { referencedNetwork } from './referenced-network.js';

/** Injection token of {@link LeaseOptions}. */
export const LEASE_OPTIONS = Symbol('LEASE_OPTIONS');

export interface LeaseOptions {
  /** `dhcp_lease_time`. */
  readonly leaseSeconds: number;
  readonly log: Logger;
  /** Makes this host's dnsmasq give up a lease whose holder has no right to the address. */
  endLease(address: IpAddress, mac: Mac): Promise<void>;
}

/** The methods about single addresses, and dnsmasq's lease events. */
@Controller()
export class FixedIpsRpc {
  constructor(
    private readonly fixedIps: FixedIpLedger,
    private readonly networks: NetworkCatalogue,
    private readonly instances: InstanceRegistry,
    private readonly hosts: NetworkHosts,
    @Inject(LEASE_OPTIONS) private readonly options: LeaseOptions,
  ) {}

  @RpcMethod('get_fixed_ip_by_address')
  async getFixedIpByAddress(args: unknown, context: RpcContext) {
    const { address } = parseArguments(FixedIpAddressArguments, 'get_fixed_ip_by_address', args);
    const fixedIp = await this.fixedIps.findByAddress(addressOf(address));
    if (!fixedIp) throw new FixedIpNotFoundForAddress(address);
    const owner = fixedIp.instanceUuid === null ? undefined : await this.instances.find(fixedIp.instanceUuid);
    if (owner && !isVisible(owner, context)) throw new Forbidden();
    return fixedIpObject(fixedIp);
  }

  @RpcMethod('lease_fixed_ip')
  async leaseFixedIp(args: unknown) {
    const event = leaseEvent('lease_fixed_ip', args);
    const outcome = await this.fixedIps.recordLease({ ...event, host: this.hosts.self });
    this.options.log.info({ ...event, outcome }, 'lease event');
    if (outcome !== 'recorded' && event.mac) await this.options.endLease(event.address, event.mac);
    return null;
  }

  @RpcMethod('release_fixed_ip')
  async releaseFixedIp(args: unknown) {
    const event = leaseEvent('release_fixed_ip', args);
    const outcome = await this.fixedIps.recordRelease({ ...event, host: this.hosts.self });
    this.options.log.info({ ...event, outcome }, 'release event');
    return null;
  }

  /** dnsmasq's lease file as it would be: the addresses of the network that instances hold now. */
  @RpcMethod('get_dhcp_leases')
  async getDhcpLeases(args: unknown) {
    const network = await referencedNetwork(this.networks, 'get_dhcp_leases', args);
    const leases = await this.fixedIps.leasesOf(network.id);
    return renderLeases(leases.map((lease) => withExpiry(lease, this.options.leaseSeconds)));
  }
}

function leaseEvent(method: string, args: unknown) {
  const { address, mac, expires_at: expiresAt } = parseArguments(LeaseEventArguments, method, args);
  return {
    address: addressOf(address),
    ...(mac && { mac: Mac.parse(mac) }),
    ...(typeof expiresAt === 'number' && { expiresAt: new Date(expiresAt * 1000) }),
  };
}

function addressOf(text: string): IpAddress {
  const address = tryParseIp(text);
  if (!address) throw new FixedIpInvalid(text);
  return address;
}
