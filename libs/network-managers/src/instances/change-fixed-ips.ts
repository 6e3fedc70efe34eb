import type { AddFixedIpArguments, NetworkInfo, RemoveFixedIpArguments } from '@novanet/contracts';
import {
  FixedIpInvalid,
  FixedIpNotFoundForInstance,
  FixedIpNotFoundForSpecificInstance,
  Forbidden,
  InstanceNotFound,
  NetworkNotFound,
  VirtualInterfaceCreateException,
  type FixedIp,
  type FixedIpLedger,
  type Instance,
  type InstanceRegistry,
  type Network,
  type NetworkCatalogue,
  type Nic,
} from '@novanet/ipam';
import { tryParseHostName, tryParseIp, type HostName, type IpAddress } from '@novanet/net-address';
import { isVisible, type Caller } from '../caller.js';
import type { NetworkHosts } from '../hosts/network-hosts.port.js';
import type { ReleaseOnHosts } from '../hosts/release-on-hosts.js';
import type { ServingHosts } from '../hosts/serving-hosts.js';
import type { ManagerTraits } from '../managers/manager-traits.js';
import { isUuid } from '../networks/argument-values.js';
import type { AddressFollowers } from './address-followers.port.js';
import type { DeallocateFixedIp } from './deallocate-fixed-ip.js';
import { instanceUuid } from './instance-identity.js';
import type { InstanceNetworkInfo } from './instance-network-info.js';

/** What the changes work with. */
export interface FixedIpChangeParts {
  readonly networks: NetworkCatalogue;
  readonly fixedIps: FixedIpLedger;
  readonly instances: InstanceRegistry;
  readonly hosts: NetworkHosts;
  readonly serving: ServingHosts;
  readonly release: ReleaseOnHosts;
  readonly followers: AddressFollowers;
  readonly networkInfo: InstanceNetworkInfo;
  readonly deallocate: DeallocateFixedIp;
  readonly traits: ManagerTraits;
  /** `quota_fixed_ips`. */
  readonly fixedIpQuota: number;
}

/** `add_fixed_ip_to_instance` and `remove_fixed_ip_from_instance`: addresses of an instance that runs. */
export class ChangeFixedIps {
  constructor(private readonly parts: FixedIpChangeParts) {}

  /**
   * One address more; a NIC as well where it has none, which the compute service then has to plug. Once per request.
   * Throws InstanceNotFound, NetworkNotFound, Forbidden for a network of another project (nova asks nobody), and what an
   * allocation throws.
   */
  async add(args: AddFixedIpArguments, caller: Caller, requestId: string): Promise<NetworkInfo> {
    const { fixedIps, hosts, serving, traits, fixedIpQuota } = this.parts;
    const instance = await this.instanceOf(args);
    const network = await this.networkOf(args.network_id);
    refuseForeign(network, instance, caller, traits);
    const host = tryParseHostName(args.host) ?? instance.host;
    const server = await serving.require(network, host);
    const { uuid, projectId } = instance;
    // the caller may have been told already: then nothing is taken back
    const isRepeated = (await fixedIps.recall(requestId)) !== undefined;
    await this.orGiveUp(network, () =>
      fixedIps.allocate({
        instance: { uuid, projectId, host },
        nics: [{ network, isAdditional: true }],
        limit: traits.limitsFixedIps ? fixedIpQuota : -1,
        requestId,
      }),
    );
    try {
      if (server !== undefined) await hosts.setUp(server, network);
      const added = await this.confirmed(uuid, requestId);
      const networkInfo = await this.parts.networkInfo.run({ instance_id: uuid });
      await this.parts.followers.gained(uuid, added, [network.id]);
      return networkInfo;
    } catch (error) {
      if (!isRepeated) await this.takeBack(uuid, { network, host, requestId });
      throw error;
    }
  }

  private async orGiveUp(network: Network, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      await this.parts.serving.giveUp([network]);
      throw error;
    }
  }

  private async takeBack(
    uuid: string,
    { network, host, requestId }: { network: Network; host: HostName | null; requestId: string },
  ): Promise<void> {
    await this.parts.fixedIps.withdraw(uuid, requestId);
    await this.parts.serving.giveUp([network]);
    await this.parts.release.run([{ network, fixedIps: [] }], host === null ? [] : [host]);
  }

  /** Of what the request was given, only what the instance still has. */
  private async confirmed(uuid: string, requestId: string): Promise<IpAddress[]> {
    const { fixedIps } = this.parts;
    const nics = await fixedIps.nicsOf(uuid);
    const ids = nics.map(({ vif }) => vif.id);
    if (!(await fixedIps.confirm(uuid, ids))) throw new VirtualInterfaceCreateException();
    const given = (await fixedIps.recall(requestId)) ?? [];
    const held = nics.flatMap((nic) => nic.fixedIps.map(({ address }) => address));
    return held.filter((address) => given.some((other) => other.equals(address)));
  }

  /**
   * Once per request. Throws InstanceNotFound, FixedIpInvalid, FixedIpNotFoundForInstance,
   * FixedIpNotFoundForSpecificInstance.
   */
  async remove(args: RemoveFixedIpArguments, requestId: string): Promise<NetworkInfo> {
    const { fixedIps, deallocate, networkInfo } = this.parts;
    const { uuid } = await this.instanceOf(args);
    const address = tryParseIp(args.address);
    if (!address) throw new FixedIpInvalid(args.address);
    const nics = await fixedIps.nicsOf(uuid);
    if (await fixedIps.recall(requestId)) {
      const home = nics.find(({ network }) => network.subnets.some(({ cidr }) => cidr.contains(address)));
      if (home) await deallocate.follow(uuid, { networkId: home.network.id, address, lease: null });
    } else await deallocate.take(uuid, heldAddress(uuid, nics, address), requestId);
    return networkInfo.run({ instance_id: uuid });
  }

  private async instanceOf(args: {
    readonly instance_id?: unknown;
    readonly instance_uuid?: string | null;
  }): Promise<Instance> {
    const uuid = instanceUuid(args);
    const instance = await this.parts.instances.find(uuid);
    if (!instance) throw new InstanceNotFound(uuid);
    return instance;
  }

  private async networkOf(id: string | number): Promise<Network> {
    const { networks } = this.parts;
    const network = isUuid(id)
      ? await networks.findByUuid(id.toLowerCase())
      : /^\d+$/.test(`${id}`) && (await networks.findById(parseInt(`${id}`, 10)));
    if (!network) throw new NetworkNotFound(id);
    return network;
  }
}

function heldAddress(uuid: string, nics: readonly Nic[], address: IpAddress): FixedIp {
  const held = nics.flatMap(({ fixedIps }) => fixedIps);
  if (held.length === 0) throw new FixedIpNotFoundForInstance(uuid);
  const found = held.find((own) => own.address.equals(address));
  if (!found) throw new FixedIpNotFoundForSpecificInstance(uuid, address.toString());
  return found;
}

/** An administrator may name any network that the instance's project could use; a user what the project sees. */
function refuseForeign(network: Network, instance: Instance, caller: Caller, traits: ManagerTraits): void {
  const isOwnersNetwork = network.projectId === null || network.projectId === instance.projectId;
  if (!isOwnersNetwork || !isVisible(network, caller, traits) || !isVisible(instance, caller)) {
    throw new Forbidden();
  }
}
