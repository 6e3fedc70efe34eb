import { Controller, Inject } from '@nestjs/common';
import { LeaseEventArguments, NetworkRefArguments, ReleaseDhcpArguments } from '@novanet/contracts';
import { renderLeases } from '@novanet/host-plan';
import { FixedIpInvalid, FixedIpLedger, InvalidInput, NetworkCatalogue } from '@novanet/ipam';
import {
  Ipv4,
  Mac,
  parseDeviceName,
  tryParseIp,
  type DeviceName,
  type IpAddress,
} from '@novanet/net-address';
import { NetworkHosts, type FixedIpEvents } from '@novanet/network-managers';
import type { Logger } from '@novanet/observability';
import { withExpiry } from '../hosts/host-intent.js';
import { referencedNetwork } from './referenced-network.js';
import { Rpc } from './rpc.decorator.js';

/** Injection token of {@link LeaseOptions}. */
export const LEASE_OPTIONS = Symbol('LEASE_OPTIONS');

export interface LeaseOptions {
  /** `dhcp_lease_time`. */
  readonly leaseSeconds: number;
  readonly log: Logger;
  readonly control: LeaseEnds;
  /** Null where nobody is notified. */
  readonly events: Pick<FixedIpEvents, 'leased' | 'released'> | null;
}

/** Makes this host's dnsmasq give up leases. */
interface LeaseEnds {
  /** One whose holder has no right to the address. */
  endStray(address: IpAddress, mac: Mac): Promise<void>;
  /** One that a device gave. Throws NetworkDhcpReleaseFailed. */
  release(device: DeviceName, lease: { readonly address: Ipv4; readonly mac: Mac }): Promise<void>;
}

/** dnsmasq's lease events, and what dnsmasq has given out. */
@Controller()
export class LeasesRpc {
  constructor(
    private readonly fixedIps: FixedIpLedger,
    private readonly networks: NetworkCatalogue,
    private readonly hosts: NetworkHosts,
    @Inject(LEASE_OPTIONS) private readonly options: LeaseOptions,
  ) {}

  @Rpc('lease_fixed_ip', {
    since: '1.0',
    about: 'dnsmasq of this host gave or renewed a lease. `mac` and `expires_at` are additions.',
    takes: LeaseEventArguments,
    answers: null,
    raises: ['FixedIpInvalid', 'InvalidInput'],
  })
  async leaseFixedIp(args: LeaseEventArguments) {
    const event = leaseEvent(args);
    const outcome = await this.fixedIps.recordLease({ ...event, host: this.hosts.self });
    this.options.log.info({ ...event, outcome }, 'lease event');
    if (outcome === 'recorded') await this.options.events?.leased(event.address);
    else if (event.mac) await this.options.control.endStray(event.address, event.mac);
    return null;
  }

  @Rpc('release_fixed_ip', {
    since: '1.0',
    about: 'dnsmasq of this host took a lease back.',
    takes: LeaseEventArguments,
    answers: null,
    raises: ['FixedIpInvalid', 'InvalidInput'],
  })
  async releaseFixedIp(args: LeaseEventArguments) {
    const event = leaseEvent(args);
    const outcome = await this.fixedIps.recordRelease({ ...event, host: this.hosts.self });
    this.options.log.info({ ...event, outcome }, 'release event');
    if (outcome !== 'ignored') await this.options.events?.released(event.address);
    return null;
  }

  @Rpc('release_dhcp', {
    since: '1.17',
    about: 'Makes the dnsmasq behind a device of this host give up a lease.',
    takes: ReleaseDhcpArguments,
    answers: null,
    raises: ['InvalidInput', 'NetworkDhcpReleaseFailed'],
  })
  async releaseDhcp({ dev, address, vif_address: mac }: ReleaseDhcpArguments) {
    const lease = parsed('an address and a MAC', () => ({
      address: Ipv4.parse(address),
      mac: Mac.parse(mac),
    }));
    await this.options.control.release(
      parsed('a device name', () => parseDeviceName(dev)),
      lease,
    );
    return null;
  }

  @Rpc('get_dhcp_leases', {
    since: '1.0',
    about: 'The leases of a network; of a multi-host network those of this host.',
    takes: NetworkRefArguments,
    answers: "text, dnsmasq's lease file",
    raises: ['NetworkNotFound'],
  })
  async getDhcpLeases(args: NetworkRefArguments) {
    const network = await referencedNetwork(this.networks, 'get_dhcp_leases', args);
    const served = network.isMultiHost ? await this.fixedIps.servedBy(this.hosts.self) : [];
    const leases = network.isMultiHost
      ? served.flatMap((own) => (own.network.id === network.id ? own.leases : []))
      : await this.fixedIps.leasesOf(network.id);
    return renderLeases(leases.map((lease) => withExpiry(lease, this.options.leaseSeconds)));
  }
}

function leaseEvent({ address: text, mac, expires_at: expiresAt }: LeaseEventArguments) {
  const address = tryParseIp(text);
  if (!address) throw new FixedIpInvalid(text);
  return {
    address,
    ...(mac && { mac: parsed('a MAC', () => Mac.parse(mac)) }),
    ...(typeof expiresAt === 'number' && { expiresAt: new Date(expiresAt * 1000) }),
  };
}

function parsed<T>(what: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new InvalidInput(`${what} was expected: ${error instanceof Error ? error.message : String(error)}`);
  }
}
