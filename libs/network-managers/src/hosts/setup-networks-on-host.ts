import type { SetupNetworksOnHostArguments } from '@novanet/contracts';
import {
  InstanceNotFound,
  type FixedIpLedger,
  type InstanceRegistry,
  type InstanceWhereabouts,
} from '@novanet/ipam';
import { tryParseHostName, type HostName } from '@novanet/net-address';
import { isUuid, textOf } from '../networks/argument-values.js';
import type { NetworkHosts } from './network-hosts.port.js';
import type { ServingHosts } from './serving-hosts.js';

/** `setup_networks_on_host`: the networks of one instance on the hosts that serve them. */
export class SetupNetworksOnHost {
  constructor(
    private readonly fixedIps: FixedIpLedger,
    private readonly instances: InstanceRegistry,
    private readonly whereabouts: InstanceWhereabouts,
    private readonly hosts: NetworkHosts,
    private readonly serving: ServingHosts,
  ) {}

  /**
   * A migration asks this of the host the instance is going to, before it is there: the host serves it from then on.
   * Throws InstanceNotFound, NetworkHostUnavailable, HostSetupFailed.
   */
  async run(args: SetupNetworksOnHostArguments): Promise<void> {
    const uuid = await this.uuidOf(args);
    const host = tryParseHostName(args.host) ?? null;
    if (host) await this.note(uuid, host, args);
    const nics = await this.fixedIps.nicsOf(uuid);
    await Promise.all(
      nics.map(async ({ network }) => {
        if (!args.teardown) {
          const server = await this.serving.require(network, host);
          if (server !== undefined) await this.hosts.setUp(server, network);
          return;
        }
        const server = this.serving.known(network, host);
        if (server !== undefined) await this.hosts.tearDown(server, network.id);
      }),
    );
  }

  private async note(uuid: string, host: HostName, args: SetupNetworksOnHostArguments): Promise<void> {
    if (args.teardown) await this.whereabouts.unexpect(uuid, host);
    else if (args.instance?.host === host) await this.whereabouts.arrived(uuid, host);
    else await this.whereabouts.expect(uuid, host);
  }

  private async uuidOf(args: SetupNetworksOnHostArguments): Promise<string> {
    const uuid = [args.instance?.uuid, args.instance_id].find(isUuid)?.toLowerCase();
    const instance = uuid && (await this.instances.find(uuid));
    if (!instance) throw new InstanceNotFound(uuid ?? textOf(args.instance_id));
    return instance.uuid;
  }
}
