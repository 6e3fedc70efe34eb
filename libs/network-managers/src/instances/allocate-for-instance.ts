import {
  networkInfo,
  parseRequestedNetworks,
  type AllocateForInstanceArguments,
  type NetworkInfo,
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
    const chosen = await chooseNetworks(this.networks, wishes, caller);
    const macs = macsFor(chosen, args.macs);
    const owners = await this.owners(chosen.map(({ network }) => network));
    const before = await this.fixedIps.nicsOf(uuid);
    const nics = await this.fixedIps.allocate({
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
    await this.setUp(uuid, owners, nics, before);
    return networkInfo(nics, this.traits);
  }

  /** The worker behind each network, chosen on first use, all of them alive: before anything is written. */
  private async owners(networks: readonly Network[]): Promise<Map<string, HostName>> {
    const owners = new Map<string, HostName>();
    for (const network of networks) {
      const host = network.host ?? (await this.networks.claimHost(network.id, this.hosts.self));
      if (host !== this.hosts.self) await this.hosts.requireUp(host);
      owners.set(network.uuid, host);
    }
    return owners;
  }

  private async setUp(
    uuid: string,
    owners: ReadonlyMap<string, HostName>,
    nics: readonly Nic[],
    before: readonly Nic[],
  ): Promise<void> {
    const results = await Promise.allSettled(
      nics.map(({ network }) => this.hosts.setUp(owners.get(network.uuid) ?? this.hosts.self, network)),
    );
    const failed = results.find((result) => result.status === 'rejected');
    if (!failed) return;
    const kept = new Set(before.map((nic) => nic.vif.id));
    const added = nics.map((nic) => nic.vif.id).filter((id) => !kept.has(id));
    await this.fixedIps.withdraw(uuid, new Set(added));
    throw failed.reason;
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
