import type { SetupNetworksOnHostArguments } from '@novanet/contracts';
import {
  InstanceNotFound,
  type FixedIpLedger,
  type InstanceRegistry,
  type InstanceWhereabouts,
} from '@novanet/ipam';
import { tryParseHostName, type HostName } from '@novanet/net-address';
import { isUuid, textOf } from '../networks/argument-values.js';
import { allDone } from './all-done.js';
import type { NetworkHosts } from './network-hosts.port.js';
import type { ReleaseOnHosts } from './release-on-hosts.js';
import type { ServingHosts } from './serving-hosts.js';

/** What {@link SetupNetworksOnHost} works with. */
export interface HostSetupParts {
  readonly fixedIps: FixedIpLedger;
  readonly instances: InstanceRegistry;
  readonly whereabouts: InstanceWhereabouts;
  readonly hosts: NetworkHosts;
  readonly serving: ServingHosts;
  readonly release: ReleaseOnHosts;
}

/** `setup_networks_on_host`: the networks of one instance on the hosts that serve them. */
export class SetupNetworksOnHost {
  constructor(private readonly parts: HostSetupParts) {}

  /**
   * A migration asks this of the host the instance is going to, before it is there: the host serves it from then on.
   * A host that is to be left and cannot clean up does so when it is back.
   * Throws InstanceNotFound; NetworkHostUnavailable, HostSetupFailed: the instance is then not expected there.
   */
  async run(args: SetupNetworksOnHostArguments): Promise<void> {
    const uuid = await this.uuidOf(args);
    const host = tryParseHostName(args.host) ?? null;
    if (args.teardown) await this.leave(uuid, host);
    else if (host !== null && args.instance?.host === host) await this.arrive(uuid, host);
    else await this.expect(uuid, host);
  }

  private async leave(uuid: string, host: HostName | null): Promise<void> {
    const { whereabouts, fixedIps, release } = this.parts;
    if (host !== null) await whereabouts.unexpect(uuid, host);
    await release.run(await fixedIps.nicsOf(uuid), host === null ? [] : [host]);
  }

  private async arrive(uuid: string, host: HostName): Promise<void> {
    await this.parts.whereabouts.arrived(uuid, host);
    await this.setUp(uuid, host);
  }

  private async expect(uuid: string, host: HostName | null): Promise<void> {
    const { whereabouts } = this.parts;
    if (host === null) return this.setUp(uuid, null);
    const wasKnown = (await whereabouts.hostsOf(uuid)).includes(host);
    await whereabouts.expect(uuid, host);
    try {
      await this.setUp(uuid, host);
    } catch (error) {
      // some of its networks may have been set up there
      if (!wasKnown) await this.leave(uuid, host);
      throw error;
    }
  }

  private async setUp(uuid: string, host: HostName | null): Promise<void> {
    const { fixedIps, hosts, serving } = this.parts;
    const nics = await fixedIps.nicsOf(uuid);
    await allDone(
      nics.map(async ({ network }) => {
        const server = await serving.require(network, host);
        if (server !== undefined) await hosts.setUp(server, network);
      }),
    );
  }

  private async uuidOf(args: SetupNetworksOnHostArguments): Promise<string> {
    const uuid = [args.instance?.uuid, args.instance_id].find(isUuid)?.toLowerCase();
    const { instances } = this.parts;
    const instance = uuid && (await instances.find(uuid));
    if (!instance) throw new InstanceNotFound(uuid ?? textOf(args.instance_id));
    const computeId = [args.instance?.id, args.instance_id].find(isComputeId);
    if (computeId !== undefined && computeId !== instance.computeId) {
      await instances.learnComputeId(instance.uuid, computeId);
    }
    return instance.uuid;
  }
}

function isComputeId(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}
