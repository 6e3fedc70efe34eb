import {
  networkInfo,
  parseRequestedNetworks,
  type AllocateForInstanceArguments,
  type NetworkInfo,
  type RequestedNetwork,
} from '@novanet/contracts';
import {
  InvalidInput,
  VirtualInterfaceCreateException,
  type FixedIpLedger,
  type Network,
  type NetworkCatalogue,
  type Nic,
} from '@novanet/ipam';
import { Mac, parseHostName, type HostName } from '@novanet/net-address';
import type { Caller } from '../caller.js';
import type { NetworkHosts } from '../hosts/network-hosts.port.js';
import type { ManagerTraits } from '../managers/manager-traits.js';
import { chooseNetworks, type ChosenNetwork } from './choose-networks.js';
import { instanceUuid } from './instance-identity.js';

/** `allocate_for_instance`: a NIC and an address in each network, ready to be leased when the answer goes out. */
export class AllocateForInstance {
  constructor(
    private readonly networks: NetworkCatalogue,
    private readonly fixedIps: FixedIpLedger,
    private readonly hosts: NetworkHosts,
    private readonly traits: ManagerTraits,
    /** `quota_fixed_ips`: addresses per project, −1 for any number. */
    private readonly fixedIpQuota: number,
  ) {}

  /**
   * Repeatable: an instance keeps the NICs it has. Throws what {@link chooseNetworks} and FixedIpLedger.allocate throw,
   * NetworkHostUnavailable and HostSetupFailed; the database is then as before.
   */
  async run(args: AllocateForInstanceArguments, caller: Caller): Promise<NetworkInfo> {
    const uuid = instanceUuid(args);
    const wishes = parseRequestedNetworks('allocate_for_instance', args.requested_networks ?? []);
    const chosen = await this.choose(uuid, wishes, caller);
    const macs = macsFor(chosen, args.macs);
    const owners = await this.owners(chosen.map(({ network }) => network));
    await this.fixedIps.allocate({
      instance: {
        uuid,
        projectId: args.project_id ?? caller.projectId,
        host: args.host ? parseHostName(args.host) : null,
      },
      nics: chosen.map(({ network, address }, index) => ({
        network,
        ...(address && { address }),
        ...(macs[index] && { mac: macs[index] }),
      })),
      limit: this.fixedIpQuota,
    });
    await this.setUp(uuid, owners);
    return networkInfo(await this.confirmedNics(uuid), this.traits);
  }

  /** A request without wishes that comes again means the NICs of the first time, not a network created since. */
  private async choose(
    uuid: string,
    wishes: readonly RequestedNetwork[],
    caller: Caller,
  ): Promise<ChosenNetwork[]> {
    const held = wishes.length === 0 ? await this.fixedIps.nicsOf(uuid) : [];
    if (held.length > 0) return held.map(({ network }) => ({ network, address: undefined }));
    return chooseNetworks(this.networks, wishes, caller);
  }

  /** The worker behind each network, chosen on first use, all of them alive: before anything is written. */
  private async owners(networks: readonly Network[]): Promise<Map<Network, HostName>> {
    const owners = new Map<Network, HostName>();
    for (const network of networks) {
      const host = network.host ?? (await this.networks.claimHost(network.id, this.hosts.self));
      if (host !== this.hosts.self) await this.hosts.requireUp(host);
      owners.set(network, host);
    }
    return owners;
  }

  /** What nobody was told of is taken back when a host cannot do its part. */
  private async setUp(uuid: string, owners: ReadonlyMap<Network, HostName>): Promise<void> {
    const results = await Promise.allSettled(
      [...owners].map(([network, host]) => this.hosts.setUp(host, network)),
    );
    const failed = results.find((result) => result.status === 'rejected');
    if (!failed) return;
    await this.fixedIps.withdraw(uuid);
    throw failed.reason;
  }

  /** Everything the instance has; from now on no failing request takes it away. */
  private async confirmedNics(uuid: string): Promise<Nic[]> {
    const nics = await this.fixedIps.nicsOf(uuid);
    const ids = nics.map(({ vif }) => vif.id);
    if (!(await this.fixedIps.confirm(uuid, ids))) throw new VirtualInterfaceCreateException();
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
