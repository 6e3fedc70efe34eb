import type { AddFixedIpArguments, NetworkInfo, RemoveFixedIpArguments } from '@novanet/contracts';
import {
  FixedIpInvalid,
  FixedIpNotFoundForInstance,
  FixedIpNotFoundForSpecificInstance,
  Forbidden,
  InstanceNotFound,
  NetworkNotFound,
  type FixedIpLedger,
  type Instance,
  type InstanceRegistry,
  type Network,
  type NetworkCatalogue,
} from '@novanet/ipam';
import { tryParseHostName, tryParseIp, type IpAddress } from '@novanet/net-address';
import { isVisible, type Caller } from '../caller.js';
import type { NetworkHosts } from '../hosts/network-hosts.port.js';
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
    const { fixedIps, hosts, serving, followers, traits, fixedIpQuota } = this.parts;
    const instance = await this.instanceOf(args);
    const network = await this.networkOf(args.network_id);
    refuseForeign(network, instance, caller, traits);
    const host = tryParseHostName(args.host) ?? instance.host;
    const server = await serving.require(network, host);
    const { uuid, projectId } = instance;
    const before = await this.addressesOf(uuid);
    await fixedIps.allocate({
      instance: { uuid, projectId, host },
      nics: [{ network, isAdditional: true }],
      limit: traits.limitsFixedIps ? fixedIpQuota : -1,
      requestId,
    });
    const added = (await this.addressesOf(uuid)).filter((own) => !before.some((old) => old.equals(own)));
    try {
      if (server !== undefined) await hosts.setUp(server, network);
    } catch (error) {
      for (const address of added) await fixedIps.deallocateAddress(uuid, address);
      await fixedIps.withdraw(uuid);
      throw error;
    }
    const nics = await fixedIps.nicsOf(uuid);
    await fixedIps.confirm(
      uuid,
      nics.map(({ vif }) => vif.id),
    );
    await followers.gained(uuid, added, [network.id]);
    return this.parts.networkInfo.run({ instance_id: uuid });
  }

  private async addressesOf(uuid: string): Promise<IpAddress[]> {
    const nics = await this.parts.fixedIps.nicsOf(uuid);
    return nics.flatMap(({ fixedIps }) => fixedIps.map(({ address }) => address));
  }

  /** Throws InstanceNotFound, FixedIpInvalid, FixedIpNotFoundForInstance, FixedIpNotFoundForSpecificInstance. */
  async remove(args: RemoveFixedIpArguments): Promise<NetworkInfo> {
    const { uuid } = await this.instanceOf(args);
    const address = tryParseIp(args.address);
    if (!address) throw new FixedIpInvalid(args.address);
    const held = (await this.parts.fixedIps.nicsOf(uuid)).flatMap(({ fixedIps }) => fixedIps);
    if (held.length === 0) throw new FixedIpNotFoundForInstance(uuid);
    const fixedIp = held.find((own) => own.address.equals(address));
    if (!fixedIp) throw new FixedIpNotFoundForSpecificInstance(uuid, args.address);
    await this.parts.deallocate.take(uuid, fixedIp);
    return this.parts.networkInfo.run({ instance_id: uuid });
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

/** An administrator may name any network that the instance's project could use; a user what the project sees. */
function refuseForeign(network: Network, instance: Instance, caller: Caller, traits: ManagerTraits): void {
  const isOwnersNetwork = network.projectId === null || network.projectId === instance.projectId;
  if (!isOwnersNetwork || !isVisible(network, caller, traits)) throw new Forbidden();
}
