import {
  networkInfo,
  parseRequestedNetworks,
  type AllocateForInstanceArguments,
  type NetworkInfo,
  type RequestedNetwork,
} from '@novanet/contracts';
import { InvalidInput, VirtualInterfaceCreateException, type FixedIpLedger, type Nic } from '@novanet/ipam';
import { Mac, parseHostName, type HostName } from '@novanet/net-address';
import type { Caller } from '../caller.js';
import type { NetworkHosts } from '../hosts/network-hosts.port.js';
import type { ServingHosts } from '../hosts/serving-hosts.js';
import type { ManagerTraits } from '../managers/manager-traits.js';
import type { AddressFollowers } from './address-followers.port.js';
import type { ChosenNetwork, NetworkChoice } from './choose-networks.js';
import { instanceUuid } from './instance-identity.js';

/** Gives the instance's first address a floating IP, or throws and leaves everything as it was. */
export interface AutomaticFloatingIp {
  assign(nics: readonly Nic[], projectId: string | null): Promise<void>;
}

/** What {@link AllocateForInstance} works with. */
export interface AllocationParts {
  readonly choice: NetworkChoice;
  readonly fixedIps: FixedIpLedger;
  readonly hosts: NetworkHosts;
  readonly serving: ServingHosts;
  readonly followers: AddressFollowers;
  readonly traits: ManagerTraits;
  /** `quota_fixed_ips`: addresses per project, −1 for any number. */
  readonly fixedIpQuota: number;
  /** With `auto_assign_floating_ip`. */
  readonly automaticFloatingIp: AutomaticFloatingIp | null;
}

/** `allocate_for_instance`: a NIC and an address in each network, ready to be leased when the answer goes out. */
export class AllocateForInstance {
  constructor(private readonly parts: AllocationParts) {}

  /**
   * Repeatable: an instance keeps the NICs it has. Throws what NetworkChoice.choose, ServingHosts.require and
   * FixedIpLedger.allocate throw, HostSetupFailed, and what an automatic floating IP fails with; the database is then as
   * before.
   */
  async run(args: AllocateForInstanceArguments, caller: Caller): Promise<NetworkInfo> {
    const uuid = instanceUuid(args);
    const host = args.host ? parseHostName(args.host) : null;
    const projectId = args.project_id ?? caller.projectId;
    const wishes = parseRequestedNetworks('allocate_for_instance', args.requested_networks ?? []);
    const chosen = await this.choose(uuid, wishes, projectId, caller);
    const macs = macsFor(chosen, args.macs);
    const servers = await this.serversOf(chosen, host);
    await this.parts.fixedIps.allocate({
      instance: { uuid, projectId, host },
      nics: chosen.map(({ network, address }, index) => ({
        network,
        isVpn: args.vpn === true && network.vpnPrivateAddress !== null,
        ...(address && { address }),
        ...(macs[index] && { mac: macs[index] }),
      })),
      limit: this.parts.traits.limitsFixedIps ? this.parts.fixedIpQuota : -1,
    });
    await this.orWithdraw(uuid, () => this.setUp(servers));
    const nics = await this.finished(uuid, projectId);
    return networkInfo(nics, this.parts.traits);
  }

  /** A request without wishes that comes again means the NICs of the first time, not a network created since. */
  private async choose(
    uuid: string,
    wishes: readonly RequestedNetwork[],
    projectId: string | null,
    caller: Caller,
  ): Promise<ChosenNetwork[]> {
    const held = wishes.length === 0 ? await this.parts.fixedIps.nicsOf(uuid) : [];
    if (held.length > 0) return held.map(({ network }) => ({ network, address: undefined }));
    return this.parts.choice.choose(wishes, projectId, caller);
  }

  /** The worker behind each network, all of them alive: before anything is written. */
  private async serversOf(
    chosen: readonly ChosenNetwork[],
    instanceHost: HostName | null,
  ): Promise<{ readonly host: HostName; readonly network: ChosenNetwork['network'] }[]> {
    const servers = [];
    for (const { network } of chosen) {
      const host = await this.parts.serving.require(network, instanceHost);
      if (host !== undefined) servers.push({ host, network });
    }
    return servers;
  }

  private async setUp(
    servers: readonly { readonly host: HostName; readonly network: ChosenNetwork['network'] }[],
  ): Promise<void> {
    const results = await Promise.allSettled(
      servers.map(({ host, network }) => this.parts.hosts.setUp(host, network)),
    );
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** What nobody was told of is taken back when the rest cannot be done. */
  private async orWithdraw<T>(uuid: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await this.parts.fixedIps.withdraw(uuid);
      throw error;
    }
  }

  /** Everything the instance has; from now on no failing request takes it away. */
  private async finished(uuid: string, projectId: string | null): Promise<Nic[]> {
    const { fixedIps, followers, automaticFloatingIp } = this.parts;
    let nics = await fixedIps.nicsOf(uuid);
    if (automaticFloatingIp) {
      await this.orWithdraw(uuid, () => automaticFloatingIp.assign(nics, projectId));
      nics = await fixedIps.nicsOf(uuid);
    }
    const ids = nics.map(({ vif }) => vif.id);
    if (!(await fixedIps.confirm(uuid, ids))) throw new VirtualInterfaceCreateException();
    const addresses = nics.flatMap((nic) => nic.fixedIps.map(({ address }) => address));
    await followers.gained(
      uuid,
      addresses,
      nics.map(({ network }) => network.id),
    );
    return nics;
  }
}

/** One given MAC per NIC, or none given at all. */
function macsFor(chosen: readonly ChosenNetwork[], given: readonly string[] | null | undefined): Mac[] {
  if (!given) return [];
  const macs = [...new Set(given)].map((text) => {
    const mac = Mac.tryParse(text);
    if (!mac) throw new InvalidInput(`"${text}" is not a MAC address`);
    return mac;
  });
  if (macs.length < chosen.length) throw new VirtualInterfaceCreateException();
  return macs;
}
