import type { DeallocateForInstanceArguments } from '@novanet/contracts';
import { InstanceNotFound, type FixedIpLedger, type InstanceWhereabouts } from '@novanet/ipam';
import { tryParseHostName, type HostName } from '@novanet/net-address';
import type { ReleaseOnHosts } from '../hosts/release-on-hosts.js';
import { isUuid, textOf } from '../networks/argument-values.js';
import type { AddressFollowers } from './address-followers.port.js';

/** Takes the floating IPs off an instance: the automatic ones go back to their pool. */
export interface FloatingIpDetachment {
  run(instanceUuid: string): Promise<void>;
}

/** `deallocate_for_instance`: everything the instance holds, whatever the caller thinks it asked for. */
export class DeallocateForInstance {
  constructor(
    private readonly fixedIps: FixedIpLedger,
    private readonly whereabouts: InstanceWhereabouts,
    private readonly floatingIps: FloatingIpDetachment,
    private readonly release: ReleaseOnHosts,
    private readonly followers: AddressFollowers,
  ) {}

  /**
   * Repeatable. The addresses are given back even when their host is down: nova leaves the instance in error then.
   * Throws InstanceNotFound when the instance has no uuid: numbers are the compute service's own, and say nothing here.
   */
  async run(args: DeallocateForInstanceArguments): Promise<void> {
    const uuid = [args.instance?.uuid, args.instance_id].find(isUuid)?.toLowerCase();
    if (uuid === undefined) throw new InstanceNotFound(textOf(args.instance_id));
    const hosts = await this.hostsOf(uuid, args);
    await this.floatingIps.run(uuid);
    const held = await this.fixedIps.deallocate(uuid);
    await this.release.run(held, hosts);
    const addresses = held.flatMap(({ fixedIps }) => fixedIps.map(({ address }) => address));
    await this.followers.lost(
      uuid,
      addresses,
      held.map(({ network }) => network.id),
    );
  }

  private async hostsOf(uuid: string, args: DeallocateForInstanceArguments): Promise<HostName[]> {
    const told = [args.instance?.host, args.host].flatMap((host) => tryParseHostName(host) ?? []);
    return [...new Set([...told, ...(await this.whereabouts.hostsOf(uuid))])];
  }
}
