import {
  FixedIpInvalid,
  FixedIpNotFoundForAddress,
  Forbidden,
  InvalidInput,
  type AssociationTarget,
  type FixedIpLedger,
  type Instance,
  type InstanceRegistry,
  type Network,
  type NetworkCatalogue,
} from '@novanet/ipam';
import { Ipv4, type HostName } from '@novanet/net-address';
import { isVisible, type Caller } from '../caller.js';
import type { ServingHosts } from '../hosts/serving-hosts.js';

/** What a floating IP is going to stand for. */
export interface FloatingTarget {
  readonly fixedIp: AssociationTarget;
  readonly network: Network;
  /** The instance's. */
  readonly projectId: string | null;
  readonly instanceHost: HostName | null;
}

/** The fixed IPs that floating IPs may stand for, and who has to carry them. */
export class FloatingTargets {
  constructor(
    private readonly fixedIps: FixedIpLedger,
    private readonly networks: NetworkCatalogue,
    private readonly instances: InstanceRegistry,
    private readonly serving: ServingHosts,
  ) {}

  /**
   * nova does not look whose instance it is. Throws FixedIpInvalid, FixedIpNotFoundForAddress (also when no instance has
   * it), Forbidden for another project's instance.
   */
  async find(text: string, caller: Caller): Promise<FloatingTarget> {
    const address = Ipv4.tryParse(text);
    if (!address) throw new FixedIpInvalid(text);
    const found = await this.fixedIps.findByAddress(address);
    if (!found || found.instanceUuid === null || !found.isAllocated)
      throw new FixedIpNotFoundForAddress(text);
    const fixedIp = { id: found.id, address, instanceUuid: found.instanceUuid };
    const [network, instance] = await Promise.all([
      this.networks.findById(found.networkId),
      this.instances.find(fixedIp.instanceUuid),
    ]);
    if (!network) throw new FixedIpNotFoundForAddress(text);
    const target = targetOf(fixedIp, network, instance);
    if (!isVisible(target, caller)) throw new Forbidden();
    return target;
  }

  /** The fixed IP of an instance, known already. */
  async of(fixedIp: AssociationTarget, network: Network): Promise<FloatingTarget> {
    return targetOf(fixedIp, network, await this.instances.find(fixedIp.instanceUuid));
  }

  /**
   * The worker that has to carry the floating IP, alive: nova lets a random one do it when the network has none. Throws
   * NetworkHostUnavailable; InvalidInput when it depends on the instance's host and nobody knows that, or when
   * no host serves networks.
   */
  async requireHost({ network, instanceHost }: FloatingTarget): Promise<HostName> {
    const host = await this.serving.require(network, instanceHost);
    if (host === undefined) throw new InvalidInput(`no host serves network ${network.uuid}`);
    return host;
  }

  /** Where it has to be carried when the instance is on this host; asks nobody. */
  knownHost(network: Network, instanceHost: HostName | null): HostName | undefined {
    return this.serving.known(network, instanceHost);
  }
}

function targetOf(
  fixedIp: AssociationTarget,
  network: Network,
  instance: Instance | undefined,
): FloatingTarget {
  return {
    fixedIp,
    network,
    projectId: instance?.projectId ?? null,
    instanceHost: instance?.host ?? null,
  };
}
