import type {
  AcceptedTrafficIntent,
  FilteredInstanceIntent,
  FiltersIntent,
  FloatingIpIntent,
  HostIntent,
  HostSettings,
  NetworkIntent,
} from '@novanet/host-plan';
import { dhcpHost, networkOf, settingsOf, v4Of } from '@novanet/host-plan/testing';
import {
  Ipv4,
  Ipv4Cidr,
  Ipv6,
  Ipv6Cidr,
  Mac,
  parseDeviceName,
  parseIp,
  type Cidr,
} from '@novanet/net-address';

/** A network in few words, so that a test that fails can name it. Everything else follows from its number. */
export interface NetworkRecipe {
  readonly id: number;
  readonly bridge: string;
  readonly over: string | undefined;
  readonly mtu: number | undefined;
  /** Which hosts serve it: one, each with an address of its own, or all with the same. */
  readonly hosts: 'one' | 'each' | 'shared';
  /** Who routes IPv4: this host, nobody, or somebody else on the segment. */
  readonly v4: 'here' | 'nobody' | 'elsewhere' | undefined;
  readonly v6: 'here' | 'nobody' | undefined;
  readonly dhcp: boolean;
  readonly vpn: boolean;
  readonly dns: boolean;
  /** Of instances on all hosts. */
  readonly names: boolean;
  /** Numbers of the instances that have an address in it. */
  readonly instances: readonly number[];
}

export interface FloatingRecipe {
  readonly last: number;
  readonly network: number;
  readonly instance: number;
  readonly device: string | undefined;
}

export interface RuleRecipe {
  readonly protocol: 'tcp' | 'udp' | 'icmp' | null;
  readonly from: number | null;
  readonly to: number | null;
  /** A block, or the number of a group. */
  readonly source: string | number;
}

/** An instance with one NIC on the device of its number. */
export interface FilteredRecipe {
  readonly id: number;
  readonly bridge: string;
  readonly network: number;
  readonly families: readonly (4 | 6)[];
  readonly dhcp: boolean;
  readonly rules: readonly RuleRecipe[];
}

export interface FiltersRecipe {
  readonly instances: readonly FilteredRecipe[];
  /** Instances that are in group 3; nobody is in group 4. */
  readonly members: readonly number[];
  readonly provider: readonly RuleRecipe[];
}

export interface SettingsRecipe {
  readonly publicInterface: string | undefined;
  readonly usesIpv6: boolean;
  readonly snat: boolean;
  readonly metadata: 'here' | 'loopback' | 'elsewhere';
  readonly exempt: readonly string[];
  readonly forced: readonly string[];
  readonly forwardsTo: readonly string[] | undefined;
  readonly sameNet: boolean;
  readonly refusal: 'DROP' | 'REJECT';
  readonly domain: string;
  readonly resolvers: boolean;
  readonly singleGateway: boolean;
}

/** Everything that is wanted of a host, and which instances are plugged in where. */
export interface SituationRecipe {
  readonly settings: SettingsRecipe;
  readonly networks: readonly NetworkRecipe[];
  readonly floatingIps: readonly FloatingRecipe[];
  readonly names: readonly string[];
  readonly filters: FiltersRecipe | undefined;
  /** Number of an instance and the bridge that its device is in. */
  readonly plugged: readonly (readonly [instance: number, bridge: string])[];
}

export type Situation = Pick<HostIntent, 'networks' | 'floatingIps' | 'names' | 'filters'> & {
  readonly settings: Partial<HostSettings>;
};

const MY_IP = settingsOf().myIp;

export function situationOf(recipe: SituationRecipe): Situation {
  return {
    settings: settingsFrom(recipe.settings),
    networks: recipe.networks.map(networkFrom),
    floatingIps: recipe.floatingIps.map(floatingFrom),
    names: recipe.names.map((name, index) => ({ name, address: Ipv4.parse(`203.0.113.${index}`) })),
    filters: recipe.filters && filtersFrom(recipe.filters),
  };
}

/** The device that an instance is behind: nova's name, or (above 5) the one libvirt makes up. */
export function deviceOf(instance: number): string {
  return instance > 5 ? `vnet${instance}` : `tap${instance}`;
}

/** That of the NIC; libvirt's device has the same one with another first byte. */
export function macOf(instance: number): Mac {
  return Mac.ofNova(instance);
}

function settingsFrom(recipe: SettingsRecipe): Partial<HostSettings> {
  const targets = { here: MY_IP, loopback: Ipv4.parse('127.0.0.1'), elsewhere: Ipv4.parse('192.0.2.77') };
  return {
    publicInterface: device(recipe.publicInterface),
    usesIpv6: recipe.usesIpv6,
    routingSourceIp: recipe.snat ? MY_IP : undefined,
    metadataHost: targets[recipe.metadata],
    dmzCidrs: recipe.exempt.map((text) => Ipv4Cidr.parse(text)),
    forceSnatRanges: recipe.forced.map((text) => Ipv4Cidr.parse(text)),
    forwardBridgeInterfaces: recipe.forwardsTo?.map(parseDeviceName),
    allowsSameNetTraffic: recipe.sameNet,
    dropAction: recipe.refusal,
    dhcpDomain: recipe.domain,
    dnsServers: recipe.resolvers ? [Ipv4.parse('192.0.2.53')] : [],
    usesNetworkDnsServers: recipe.resolvers,
    usesSingleDefaultGateway: recipe.singleGateway,
  };
}

function networkFrom(recipe: NetworkRecipe): NetworkIntent {
  const { id, hosts, dns } = recipe;
  const range = blocksOf(id)[4];
  const dhcpHosts = recipe.instances.map((n) => ({
    ...dhcpHost(macIn(id, n), range.at(10 + n).toString(), `vm-${id}-${n}`),
    isFirstNic: id === 1,
  }));
  return networkOf({
    id,
    uuid: `5f0c2a8e-0000-4000-8000-00000000000${id}`,
    label: `net${id}`,
    bridge: parseDeviceName(recipe.bridge),
    bridgeInterface: device(recipe.over),
    mtu: recipe.mtu,
    isMultiHost: hosts !== 'one',
    sharesAddress: hosts === 'shared',
    v4: recipe.v4 && ipv4From(recipe, range.toString()),
    v6: recipe.v6 && {
      cidr: blocksOf(id)[6],
      gateway: recipe.v6 === 'here' ? blocksOf(id)[6].at(1) : undefined,
    },
    enableDhcp: recipe.dhcp,
    vpn: recipe.vpn
      ? { publicAddress: MY_IP, publicPort: 1000 + id, privateAddress: range.at(6) }
      : undefined,
    dnsServers: dns ? [Ipv4.parse('192.0.2.54'), Ipv6.parse('fd00:53::1')] : [],
    dhcpHosts,
    instanceNames: recipe.names ? dhcpHosts : undefined,
  });
}

function ipv4From({ v4, hosts }: NetworkRecipe, range: string): NetworkIntent['v4'] {
  const { cidr, gateway } = v4Of({}, range);
  const own = hosts === 'each' ? 5 : v4 === 'elsewhere' ? 2 : 1;
  return v4Of({ gateway: v4 === 'nobody' ? undefined : gateway, dhcpServer: cidr.at(own) }, range);
}

function floatingFrom({ last, network, instance, device: name }: FloatingRecipe): FloatingIpIntent {
  return {
    address: Ipv4.parse(`203.0.113.${last}`),
    fixedAddress: blocksOf(network)[4].at(10 + instance),
    interface: device(name),
    networkId: network,
  };
}

function filtersFrom({ instances, members, provider }: FiltersRecipe): FiltersIntent {
  return {
    instances: instances.map(instanceFrom),
    members: new Map([
      [3, members.flatMap((n) => [blocksOf(1)[4].at(10 + n), macOf(n).eui64(blocksOf(1)[6])])],
    ]),
    providerRules: provider.map(({ protocol, from, to, source }) => ({
      protocol,
      fromPort: from,
      toPort: to,
      cidr: block(String(source)),
    })),
  };
}

function instanceFrom(recipe: FilteredRecipe): FilteredInstanceIntent {
  const { id, network, families } = recipe;
  const blocks = blocksOf(network);
  const addresses = { 4: blocks[4].at(10 + id), 6: macOf(id).eui64(blocks[6]) };
  const nic = {
    mac: macOf(id),
    device: parseDeviceName(`tap${id}`),
    bridge: parseDeviceName(recipe.bridge),
    addresses: families.map((version) => parseIp(addresses[version].toString())),
    cidrs: families.map((version) => block(blocks[version].toString())),
    dhcpServer: recipe.dhcp ? blocks[4].at(1) : undefined,
  };
  return { id, nics: [nic], rules: recipe.rules.map(ruleFrom) };
}

function ruleFrom({ protocol, from, to, source }: RuleRecipe): AcceptedTrafficIntent {
  const origin = typeof source === 'number' ? { groupId: source } : { cidr: block(source) };
  return { protocol, fromPort: from, toPort: to, source: origin };
}

function blocksOf(network: number): { readonly 4: Cidr<4>; readonly 6: Cidr<6> } {
  return { 4: Ipv4Cidr.parse(`10.0.${network}.0/24`), 6: Ipv6Cidr.parse(`fd00:0:0:${network}::/64`) };
}

function block(text: string): Cidr {
  return text.includes(':') ? Ipv6Cidr.parse(text) : Ipv4Cidr.parse(text);
}

function device(name: string | undefined) {
  return name === undefined ? undefined : parseDeviceName(name);
}

function macIn(network: number, instance: number): string {
  return `fa:16:3e:00:0${network}:0${instance}`;
}
