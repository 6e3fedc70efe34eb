import type { DeallocateForInstanceArguments } from '@novanet/contracts';
import {
  InstanceNotFound,
  type FixedIpLedger,
  type InstanceRegistry,
  type Network,
  type Nic,
} from '@novanet/ipam';
import type { NetworkHosts } from '../hosts/network-hosts.port.js';
import { isUuid, textOf } from '../networks/argument-values.js';

/** `deallocate_for_instance`: everything the instance holds, whatever the caller thinks it asked for. */
export class DeallocateForInstance {
  constructor(
    private readonly fixedIps: FixedIpLedger,
    private readonly instances: InstanceRegistry,
    private readonly hosts: NetworkHosts,
    /** Told of a host that could not clean up; it does so when it is back. */
    private readonly onHostProblem: (network: Network, error: unknown) => void,
  ) {}

  /**
   * Repeatable. The addresses are given back even when their host is down: nova leaves the instance in error then.
   * Throws InstanceNotFound when only a number names the instance and none has it.
   */
  async run(args: DeallocateForInstanceArguments): Promise<void> {
    const held = await this.fixedIps.deallocate(await this.uuidOf(args));
    await Promise.all(held.map((nic) => this.tearDown(nic)));
  }

  private async uuidOf(args: DeallocateForInstanceArguments): Promise<string> {
    const uuid = [args.instance?.uuid, args.instance_id].find(isUuid);
    if (uuid !== undefined) return uuid.toLowerCase();
    const id = Number(args.instance_id);
    const instance = Number.isSafeInteger(id) ? await this.instances.findById(id) : undefined;
    if (!instance) throw new InstanceNotFound(textOf(args.instance_id));
    return instance.uuid;
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
