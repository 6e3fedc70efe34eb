import type { SetupNetworksOnHostArguments } from '@novanet/contracts';
import { InstanceNotFound, type FixedIpLedger, type InstanceRegistry } from '@novanet/ipam';
import { isUuid, textOf } from '../networks/argument-values.js';
import type { NetworkHosts } from './network-hosts.port.js';

/** `setup_networks_on_host`: the networks of one instance on the hosts that serve them. */
export class SetupNetworksOnHost {
  constructor(
    private readonly fixedIps: FixedIpLedger,
    private readonly instances: InstanceRegistry,
    private readonly hosts: NetworkHosts,
  ) {}

  /** Throws InstanceNotFound, NetworkHostUnavailable, HostSetupFailed. */
  async run(args: SetupNetworksOnHostArguments): Promise<void> {
    const nics = await this.fixedIps.nicsOf(await this.uuidOf(args));
    await Promise.all(
      nics.map(({ network }) => {
        const host = network.host ?? this.hosts.self;
        return args.teardown ? this.hosts.tearDown(host, network.id) : this.hosts.setUp(host, network);
      }),
    );
  }

  private async uuidOf(args: SetupNetworksOnHostArguments): Promise<string> {
    const uuid = [args.instance?.uuid, args.instance_id].find(isUuid)?.toLowerCase();
    const instance = uuid && (await this.instances.find(uuid));
    if (!instance) throw new InstanceNotFound(uuid ?? textOf(args.instance_id));
    return instance.uuid;
  }
}
