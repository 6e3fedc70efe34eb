import { ringSize, type AddressPool, type Network, type NetworkDraft, type SubnetDraft } from '@novanet/ipam';
import {
  Ipv4,
  Ipv4Cidr,
  Ipv6,
  Ipv6Cidr,
  parseDeviceName,
  parseHostName,
  parseIp,
} from '@novanet/net-address';
import type { ImportNotes } from './import-report.js';
import type { NetworkImport } from './import-rows.js';
import type { NovaNetwork } from './nova-records.js';
import { attempt, optional, parseUuid, Unfit } from './readings.js';

/** A network that addresses can be in after the import: a new one, or one that is here. */
export interface ImportedNetwork {
  readonly draft: NetworkDraft;
  readonly host: string | null;
  /** As they are here. */
  readonly subnets: Network['subnets'] | NetworkDraft['subnets'];
}

export interface NetworksPlan {
  readonly rows: readonly NetworkImport[];
  /** By nova's number. */
  readonly networks: ReadonlyMap<number, ImportedNetwork>;
}

export function planNetworks(
  records: readonly NovaNetwork[],
  known: readonly Network[],
  notes: ImportNotes,
): NetworksPlan {
  const rows: NetworkImport[] = [];
  const networks = new Map<number, ImportedNetwork>();
  const planned: NetworkDraft[] = [];
  const knownByUuid = new Map(known.map((network) => [network.uuid, network]));
  notes.read('networks', records.length);
  for (const record of records) {
    const attempted = attempt(() => networkImport(record));
    if ('reason' in attempted) {
      notes.problem('networks', record.id, attempted.reason);
      continue;
    }
    const wanted = attempted.value;
    const { draft, host } = wanted;
    const own = knownByUuid.get(draft.uuid);
    const others = [...known.filter((other) => other !== own), ...planned.values()];
    const conflict = conflictOf(draft, others);
    if (conflict !== undefined) {
      notes.problem('networks', record.id, conflict);
      continue;
    }
    const outcome = notes.compare(
      'networks',
      record.id,
      comparable(draft, host),
      own && comparable(own, own.host),
    );
    if (outcome === 'new') rows.push(wanted);
    planned.push(draft);
    networks.set(record.id, { draft, host, subnets: own?.subnets ?? draft.subnets });
  }
  return { rows, networks };
}

/** Throws what {@link attempt} knows. */
function networkImport(record: NovaNetwork): NetworkImport {
  const draft = draftOf(record);
  return {
    novaId: record.id,
    draft,
    host: optional(record.host, parseHostName),
    nextOffset: nextOffset(draft, record.addresses.lastReleased),
    createdAt: record.created_at,
  };
}

const ipv4 = (text: string) => Ipv4.parse(text);
const ipv6 = (text: string) => Ipv6.parse(text);

function draftOf(record: NovaNetwork): NetworkDraft {
  const v4 = optional(record.cidr, (cidr) => subnet4(Ipv4Cidr.parse(cidr), record));
  const v6 = optional(record.cidr_v6, (cidr) => subnet6(Ipv6Cidr.parse(cidr), record));
  if (!v4 && !v6) throw new Unfit('has neither cidr nor cidr_v6');
  return {
    uuid: parseUuid(record.uuid),
    label: record.label ?? '',
    projectId: record.project_id,
    isMultiHost: record.multi_host === 1,
    isInjected: record.injected === 1,
    bridge: optional(record.bridge, parseDeviceName),
    bridgeInterface: optional(record.bridge_interface, parseDeviceName),
    vlan: record.vlan,
    vpnPublicAddress: optional(record.vpn_public_address, ipv4),
    vpnPublicPort: record.vpn_public_port,
    vpnPrivateAddress: optional(record.vpn_private_address, ipv4),
    dns1: optional(record.dns1, parseIp),
    dns2: optional(record.dns2, parseIp),
    mtu: record.mtu,
    priority: record.priority,
    // before Juno, every network had DHCP
    enableDhcp: record.enable_dhcp !== 0,
    shareAddress: record.share_address === 1,
    subnets: [...(v4 ? [v4] : []), ...(v6 ? [v6] : [])],
  };
}

function subnet4(cidr: Ipv4Cidr, record: NovaNetwork): SubnetDraft<4> {
  const gateway = optional(record.gateway, ipv4);
  const pool = poolOf(cidr, record.addresses.span);
  return {
    version: 4,
    cidr,
    gateway,
    // before Juno, the gateway was
    dhcpServer: optional(record.dhcp_server, ipv4) ?? gateway,
    dhcpStart: optional(record.dhcp_start, ipv4) ?? pool?.first ?? null,
    pool,
    reserved: record.addresses.withheld.map((address) => Ipv4.parse(address)),
  };
}

/** What of the span lies in the network. */
function poolOf(cidr: Ipv4Cidr, span: NovaNetwork['addresses']['span']): AddressPool<4> | null {
  if (!span) return null;
  const [low, high] = [Ipv4.parse(span.first), Ipv4.parse(span.last)];
  const first = low.compare(cidr.first) < 0 ? cidr.first : low;
  const last = high.compare(cidr.last) > 0 ? cidr.last : high;
  return first.compare(last) > 0 ? null : { first, last };
}

function subnet6(cidr: Ipv6Cidr, record: NovaNetwork): SubnetDraft<6> {
  const gateway = optional(record.gateway_v6, ipv6);
  return { version: 6, cidr, gateway, dhcpServer: null, dhcpStart: null, pool: null, reserved: [] };
}

function nextOffset({ subnets }: NetworkDraft, lastReleased: string | null): number {
  const pool = subnets.find(({ version }) => version === 4)?.pool;
  const last = optional(lastReleased, ipv4);
  if (!pool || !last || pool.first.compare(last) > 0 || pool.last.compare(last) < 0) return 0;
  return Number(last.value - pool.first.value + 1n) % ringSize(pool);
}

type Neighbour = Pick<NetworkDraft, 'uuid' | 'vlan'> & {
  readonly subnets: Network['subnets'] | NetworkDraft['subnets'];
};

function conflictOf(draft: NetworkDraft, others: readonly Neighbour[]): string | undefined {
  for (const { uuid, vlan, subnets } of others) {
    if (uuid === draft.uuid) return `has the uuid ${uuid} of another network`;
    if (vlan !== null && vlan === draft.vlan) return `has VLAN ${vlan}, which network ${uuid} has`;
    for (const { cidr } of draft.subnets) {
      const other = subnets.find(
        (subnet) => subnet.cidr.version === cidr.version && subnet.cidr.overlaps(cidr),
      );
      if (other) return `${cidr.toString()} overlaps ${other.cidr.toString()} of network ${uuid}`;
    }
  }
  return undefined;
}

/** By its plain values. */
function comparable(network: NetworkDraft | Network, host: string | null): Record<string, unknown> {
  const { uuid, label, projectId, isMultiHost, isInjected, bridge, bridgeInterface, vlan } = network;
  const { vpnPublicAddress, vpnPublicPort, vpnPrivateAddress, dns1, dns2, mtu, priority } = network;
  const { enableDhcp, shareAddress, subnets } = network;
  const own = { uuid, label, projectId, host, isMultiHost, isInjected, bridge, bridgeInterface, vlan };
  const vpn = { vpnPublicAddress, vpnPublicPort, vpnPrivateAddress };
  const others = { dns1, dns2, mtu, priority, enableDhcp, shareAddress };
  return {
    ...own,
    ...vpn,
    ...others,
    ...Object.fromEntries(subnets.map((subnet) => comparableSubnet(subnet))),
  };
}

function comparableSubnet(subnet: Omit<Network['subnets'][number], 'id'>): [name: string, values: unknown] {
  const { version, cidr, gateway, dhcpServer, dhcpStart, pool } = subnet;
  return [`IPv${version}`, { cidr, gateway, dhcpServer, dhcpStart, pool }];
}
