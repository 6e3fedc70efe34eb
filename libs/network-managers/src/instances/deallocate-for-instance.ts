import type { DeallocateForInstanceArguments } from '@novanet/contracts';
import { InstanceNotFound, type FixedIpLedger, type Network, type Nic } from '@novanet/ipam';
import type { NetworkHosts } from '../hosts/network-hosts.port.js';
import { isUuid, textOf } from '../networks/argument-values.js';

/** `deallocate_for_instance`: everything the instance holds, whatever the caller thinks it asked for. */
export class DeallocateForInstance {
  constructor(
    private readonly fixedIps: FixedIpLedger,
    private readonly hosts: NetworkHosts,
    /** Told of a host that could not clean up; it does so when it is back. */
    private readonly onHostProblem: (network: Network, error: unknown) => void,
  ) {}

  /**
   * Repeatable. The addresses are given back even when their host is down: nova leaves the instance in error then.
   * Throws InstanceNotFound when the instance has no uuid: numbers are the compute service's own, and say nothing here.
   */
  async run(args: DeallocateForInstanceArguments): Promise<void> {
    const uuid = [args.instance?.uuid, args.instance_id].find(isUuid);
    if (uuid === undefined) throw new InstanceNotFound(textOf(args.instance_id));
    const held = await this.fixedIps.deallocate(uuid.toLowerCase());
    await Promise.all(held.map((nic) => this.tearDown(nic)));
  }

  private async tearDown({ network }: Nic): Promise<void> {
    if (!network.host) return;
    try {
      await this.hosts.tearDown(network.host, network.id);
    } catch (error) {
      this.onHostProblem(network, error);
    }
  }
}
