import {
  networkInfo,
  parseRequestedNetworks,
  type AllocateForInstanceArguments,
  type NetworkInfo,
} from '@novanet/contracts';
import {
  hasHostAddresses,
  InvalidInput,
  VirtualInterfaceCreateException,
  type FixedIpLedger,
  type InstanceIdentity,
  type Network,
  type Nic,
} from '@novanet/ipam';
import { Mac, tryParseHostName, type HostName } from '@novanet/net-address';
import type { Caller } from '../caller.js';
import { allDone } from '../hosts/all-done.js';
import type { NetworkHosts } from '../hosts/network-hosts.port.js';
import type { ReleaseOnHosts } from '../hosts/release-on-hosts.js';
import type { ServingHosts } from '../hosts/serving-hosts.js';
import type { ManagerTraits } from '../managers/manager-traits.js';
import type { AddressFollowers } from './address-followers.port.js';
import type { ChosenNetwork, NetworkChoice } from './choose-networks.js';
import { instanceUuid } from './instance-identity.js';

/** Gives the instance's first address a floating IP, or throws and leaves everything as it was. */
export interface AutomaticFloatingIp {
  assign(nics: readonly Nic[], projectId: string | null): Promise<void>;
}

/** As long as callers wait for an answer. */
const OUTDATED_SECONDS = 60;

/** What {@link AllocateForInstance} works with. */
export interface AllocationParts {
  readonly choice: NetworkChoice;
  readonly fixedIps: FixedIpLedger;
  readonly hosts: NetworkHosts;
  readonly serving: ServingHosts;
  readonly release: ReleaseOnHosts;
  readonly followers: AddressFollowers;
  readonly traits: ManagerTraits;
  /** `quota_fixed_ips`: addresses per project, −1 for any number. */
  readonly fixedIpQuota: number;
  /** With `auto_assign_floating_ip`. */
  readonly automaticFloatingIp: AutomaticFloatingIp | null;
}

/** A request with its arguments parsed, and the networks it is about. */
interface Wanted {
  readonly instance: InstanceIdentity;
  /** The NICs it had before. */
  readonly held: readonly Nic[];
  readonly chosen: readonly ChosenNetwork[];
  readonly macs: readonly Mac[];
  readonly isVpn: boolean;
}

/** `allocate_for_instance`: a NIC and an address in each network, ready to be leased when the answer goes out. */
export class AllocateForInstance {
  constructor(private readonly parts: AllocationParts) {}

  /**
   * Repeatable: an instance keeps the NICs it has. Throws what NetworkChoice.choose, ServingHosts.require and
   * FixedIpLedger.allocate throw, HostSetupFailed, and what an automatic floating IP fails with; the database is then as
   * before, but that a project keeps the network it was given: another instance of it may have chosen that meanwhile.
   * @param isRedelivered the worker that had the request died, before or after its caller was answered
   */
  async run(args: AllocateForInstanceArguments, caller: Caller, isRedelivered = false): Promise<NetworkInfo> {
    const uuid = instanceUuid(args);
    const host = hostIn(args.host);
    const projectId = args.project_id ?? caller.projectId;
    const wishes = parseRequestedNetworks('allocate_for_instance', args.requested_networks ?? []);
    const held = await this.parts.fixedIps.nicsOf(uuid);
    // a request without wishes that comes again means the NICs of the first time, not a network created since
    const isRepeated = wishes.length === 0 && held.length > 0;
    const chosen = isRepeated
      ? held.map(({ network }) => ({ network, address: undefined }))
      : await this.parts.choice.choose(wishes, projectId, caller);
    const macs = macsFor(chosen, args.macs);
    const instance = { uuid, projectId, host };
    await this.take({ instance, held, chosen, macs, isVpn: args.vpn === true });
    if (isRedelivered) await this.refuseOutdated(instance, chosen);
    const nics = await this.served(instance, chosen);
    await this.announce(uuid, nics);
    return networkInfo(nics, this.parts.traits);
  }

  /** All of it or nothing. Each network has its host, alive, before anything else is written. */
  private async take({ instance, held, chosen, macs, isVpn }: Wanted): Promise<void> {
    const { fixedIps, serving, traits, fixedIpQuota } = this.parts;
    try {
      for (const { network } of chosen) await serving.require(network, instance.host);
      await fixedIps.allocate({
        instance,
        held,
        nics: chosen.map(({ network, address }, index) => ({
          network,
          isVpn: isVpn && network.vpnPrivateAddress !== null,
          ...(address && { address }),
          ...(macs[index] && { mac: macs[index] }),
        })),
        limit: traits.limitsFixedIps ? fixedIpQuota : -1,
      });
    } catch (error) {
      await serving.giveUp(chosen.map(({ network }) => network));
      throw error;
    }
  }

  /** The caller of a request that comes again was answered, or has given up, when it has the instance deallocated. */
  private async refuseOutdated(instance: InstanceIdentity, chosen: readonly ChosenNetwork[]): Promise<void> {
    if (!(await this.parts.fixedIps.wasDeallocated(instance.uuid, OUTDATED_SECONDS))) return;
    await this.takeBack(instance, chosen);
    throw new VirtualInterfaceCreateException();
  }

  /** Everything the instance has. From now on no failing request takes it away; this one does when it fails before. */
  private async served(instance: InstanceIdentity, chosen: readonly ChosenNetwork[]): Promise<Nic[]> {
    const { fixedIps, automaticFloatingIp } = this.parts;
    try {
      const taken = await fixedIps.nicsOf(instance.uuid);
      const networks = networksOf(taken, chosen);
      await this.setUp(networks, instance.host);
      await automaticFloatingIp?.assign(taken, instance.projectId);
      const isKnown = !automaticFloatingIp && !networks.some((network) => hasHostAddresses(network));
      const nics = isKnown ? taken : await fixedIps.nicsOf(instance.uuid);
      const ids = nics.map(({ vif }) => vif.id);
      if (!(await fixedIps.confirm(instance.uuid, ids))) throw new VirtualInterfaceCreateException();
      return nics;
    } catch (error) {
      await this.takeBack(instance, chosen);
      throw error;
    }
  }

  /** What nobody was told of; the hosts may have begun to serve it. */
  private async takeBack(instance: InstanceIdentity, chosen: readonly ChosenNetwork[]): Promise<void> {
    const { fixedIps, serving, release } = this.parts;
    const networks = networksOf(await fixedIps.nicsOf(instance.uuid), chosen);
    await fixedIps.withdraw(instance.uuid);
    await serving.giveUp(chosen.map(({ network }) => network));
    const taken = networks.map((network) => ({ network, fixedIps: [] }));
    await release.run(taken, instance.host === null ? [] : [instance.host]);
  }

  /** As the networks are now that the instance holds them: who serves them may have changed since they were chosen. */
  private async setUp(networks: readonly Network[], instanceHost: HostName | null): Promise<void> {
    const { hosts, serving } = this.parts;
    await allDone(
      networks.map(async (network) => {
        const host = serving.known(network, instanceHost) ?? (await serving.require(network, instanceHost));
        if (host !== undefined) await hosts.setUp(host, network);
      }),
    );
  }

  private async announce(uuid: string, nics: readonly Nic[]): Promise<void> {
    const addresses = nics.flatMap((nic) => nic.fixedIps.map(({ address }) => address));
    const networkIds = nics.map(({ network }) => network.id);
    await this.parts.followers.gained(uuid, addresses, networkIds);
  }
}

/** The networks that were asked for now, as they are since the instance holds them. */
function networksOf(nics: readonly Nic[], chosen: readonly ChosenNetwork[]): Network[] {
  const asked = new Set(chosen.map(({ network }) => network.id));
  return nics.map(({ network }) => network).filter(({ id }) => asked.has(id));
}

function hostIn(text: string | null | undefined): HostName | null {
  if (!text) return null;
  const host = tryParseHostName(text);
  if (!host) throw new InvalidInput(`${JSON.stringify(text)} is no host name`);
  return host;
}

/** One given MAC per NIC, or none given at all. */
function macsFor(chosen: readonly ChosenNetwork[], given: readonly string[] | null | undefined): Mac[] {
  if (!given) return [];
  const macs = new Map<string, Mac>();
  for (const text of given) {
    const mac = Mac.tryParse(text);
    if (!mac) throw new InvalidInput(`"${text}" is not a MAC address`);
    macs.set(mac.toString(), mac);
  }
  if (macs.size < chosen.length) throw new VirtualInterfaceCreateException();
  return [...macs.values()];
}
