import type { Ipv4 } from '@novanet/net-address';
import {
  numberAt,
  parseRecords,
  recordAt,
  recordsIn,
  textAt,
  textsAt,
  type JsonRecord,
} from './json-fields.js';

/** A network device as the kernel has it now, with its addresses. */
export interface Link {
  readonly name: string;
  readonly index: number;
  readonly mac: string | undefined;
  readonly mtu: number;
  /** The bridge it is a port of. */
  readonly master: string | undefined;
  readonly isUp: boolean;
  /** It is up, and nothing is at the other end. */
  readonly lacksCarrier?: boolean;
  /** `bridge`, `veth` …; undefined for a physical device. */
  readonly kind: string | undefined;
  /** Of a VLAN. */
  readonly vlan: number | undefined;
  /** The device that a VLAN is on. */
  readonly parent: string | undefined;
  /** Whether neighbours find addresses by asking: not on loopback, tunnels and point-to-point lines. */
  readonly hasArp: boolean;
  readonly alias: string | undefined;
  /** Of a port of a bridge: those of {@link PORT_FLAGS} that are on. */
  readonly portFlags?: readonly string[];
  readonly addresses: readonly LinkAddress[];
}

export interface LinkAddress {
  readonly version: 4 | 6;
  /** Without prefix length. */
  readonly local: string;
  readonly prefixLength: number;
  /** The other end of a point-to-point address. */
  readonly peer: string | undefined;
  readonly broadcast: string | undefined;
  readonly scope: string;
  /** The route to its own network was made by somebody else than the kernel (NetworkManager does that). */
  readonly hasNoPrefixRoute: boolean;
  /** Another address of its network came before; the kernel makes no second route. */
  readonly isSecondary: boolean;
  /** Of the route to its own network. */
  readonly metric: number | undefined;
  /** Undefined: for ever. */
  readonly validSeconds: number | undefined;
  readonly preferredSeconds: number | undefined;
}

/** All devices by name, in the order of the kernel. */
export type Links = ReadonlyMap<string, Link>;

/** What may be on for one port of a bridge and is off for new ones. */
export const PORT_FLAGS: readonly string[] = ['hairpin', 'isolated'];

const FOR_EVER = 0xffffffff;

/** Reads `ip -json -details addr show`. */
export function parseLinks(json: string): Links {
  const links = parseRecords(json).flatMap((record) => {
    const name = textAt(record, 'ifname');
    return name === undefined ? [] : [parseLink(name, record)];
  });
  return new Map(links.map((link) => [link.name, link]));
}

function parseLink(name: string, record: JsonRecord): Link {
  const info = recordAt(record, 'linkinfo');
  const flags = textsAt(record, 'flags');
  return {
    name,
    index: numberAt(record, 'ifindex') ?? 0,
    mac: textAt(record, 'address'),
    mtu: numberAt(record, 'mtu') ?? 0,
    master: textAt(record, 'master'),
    isUp: flags.includes('UP'),
    lacksCarrier: flags.includes('NO-CARRIER'),
    kind: textAt(info, 'info_kind'),
    vlan: numberAt(recordAt(info, 'info_data'), 'id'),
    parent: textAt(record, 'link'),
    hasArp: !flags.includes('NOARP') && !flags.includes('LOOPBACK'),
    alias: textAt(record, 'ifalias'),
    portFlags: PORT_FLAGS.filter((flag) => recordAt(info, 'info_slave_data')[flag] === true),
    addresses: recordsIn(record['addr_info']).flatMap(parseAddress),
  };
}

function parseAddress(record: JsonRecord): LinkAddress[] {
  const local = textAt(record, 'local');
  const prefixLength = numberAt(record, 'prefixlen');
  if (local === undefined || prefixLength === undefined) return [];
  return [
    {
      version: textAt(record, 'family') === 'inet6' ? 6 : 4,
      local,
      prefixLength,
      peer: textAt(record, 'address'),
      broadcast: textAt(record, 'broadcast'),
      scope: textAt(record, 'scope') ?? 'global',
      hasNoPrefixRoute: record['noprefixroute'] === true,
      isSecondary: record['secondary'] === true,
      metric: numberAt(record, 'metric'),
      validSeconds: lifetime(record, 'valid_life_time'),
      preferredSeconds: lifetime(record, 'preferred_life_time'),
    },
  ];
}

function lifetime(record: JsonRecord, name: string): number | undefined {
  const seconds = numberAt(record, name);
  return seconds === FOR_EVER ? undefined : seconds;
}

/** The devices with addresses that have come, each alone in its network. */
export function withAddresses(
  links: Links,
  bound: readonly { readonly address: Ipv4; readonly device: string }[],
): Links {
  const byDevice = Map.groupBy(bound, ({ device }) => device);
  return new Map(
    [...links].map(([name, link]) => {
      const come = (byDevice.get(name) ?? []).map(({ address }) => address.toString());
      const stay = link.addresses.filter(
        (one) => !come.some((local) => local === one.local && one.prefixLength === 32),
      );
      return [name, come.length === 0 ? link : { ...link, addresses: [...stay, ...come.map(loneAddress)] }];
    }),
  );
}

function loneAddress(local: string): LinkAddress {
  return {
    version: 4,
    local,
    prefixLength: 32,
    peer: undefined,
    broadcast: undefined,
    scope: 'global',
    hasNoPrefixRoute: false,
    isSecondary: false,
    metric: undefined,
    validSeconds: undefined,
    preferredSeconds: undefined,
  };
}

/** @param address with prefix length */
export function hasAddress(link: Link | undefined, address: string): boolean {
  return link?.addresses.some((one) => addressText(one) === address) ?? false;
}

/** With prefix length. */
export function addressText({ local, prefixLength }: LinkAddress): string {
  return `${local}/${prefixLength}`;
}

/** What can be reached from elsewhere, so must follow when the device becomes a port. */
export function globalAddresses(link: Link): LinkAddress[] {
  return link.addresses.filter(({ scope }) => scope === 'global');
}

/** `10.9.9.5/24 dev br100`: what both `ip addr del` and `ip addr replace` need to name an address. */
export function addressKey(address: LinkAddress, device: string): string {
  const { local, peer, prefixLength } = address;
  const name = peer === undefined ? `${local}/${prefixLength}` : `${local} peer ${peer}/${prefixLength}`;
  return `${name} dev ${device}`;
}

/** A line for `ip -batch` that gives the device this address with everything that belongs to it. */
export function addressLine(address: LinkAddress, device: string): string {
  const parts = [`addr replace ${addressKey(address, device)}`];
  if (address.broadcast !== undefined) parts.push(`brd ${address.broadcast}`);
  if (address.version === 4) parts.push(`scope ${address.scope}`);
  if (address.metric !== undefined) parts.push(`metric ${address.metric}`);
  if (address.validSeconds !== undefined) {
    parts.push(`valid_lft ${address.validSeconds}`, `preferred_lft ${address.preferredSeconds ?? 'forever'}`);
  }
  if (address.hasNoPrefixRoute) parts.push('noprefixroute');
  // It was in use a moment ago on the same segment: no need to ask whether somebody has it.
  if (address.version === 6) parts.push('nodad');
  return parts.join(' ');
}
