import { PORT_FLAGS } from '../links/link.js';

/** What the kernel tells of devices, addresses and forwarding, as far as a plan may be about it. */
export type KernelEvent = LinkEvent | AddressEvent | ForwardingEvent;

export interface LinkEvent {
  readonly kind: 'link';
  readonly name: string;
  readonly index: number;
  readonly isGone: boolean;
  readonly isUp: boolean;
  readonly mtu: number;
  readonly mac: string | undefined;
  readonly alias: string | undefined;
  readonly master: string | undefined;
  /** Those of PORT_FLAGS that are on. */
  readonly portFlags: readonly string[];
}

export interface AddressEvent {
  readonly kind: 'address';
  readonly device: string;
  /** With prefix length. */
  readonly address: string;
  readonly isGone: boolean;
  /** Can be reached from elsewhere. */
  readonly isGlobal: boolean;
}

/** Of the host as a whole, not of one device. */
export interface ForwardingEvent {
  readonly kind: 'forwarding';
  readonly version: 4 | 6;
  readonly isOn: boolean;
}

/** What to follow for {@link parseKernelEvent}. */
export const KERNEL_EVENTS = ['ip', '-o', '-d', 'monitor', 'link', 'address', 'netconf'] as const;

/** Reads a line of {@link KERNEL_EVENTS}; undefined when it is about something else. */
export function parseKernelEvent(line: string): KernelEvent | undefined {
  return parseAddress(line) ?? parseLink(line) ?? parseForwarding(line);
}

function parseLink(line: string): LinkEvent | undefined {
  const [, deleted, index, name, flags = '', rest = ''] =
    /^(Deleted )?(\d+): ([^:@\s]+)(?:@\S+)?: <([^>]*)> (.*)/.exec(line) ?? [];
  // A bridge tells of its ports in lines of the same form, without queue; "Deleted" means there: not a port any more.
  if (name === undefined || !rest.includes(' qdisc ')) return undefined;
  return {
    kind: 'link',
    name,
    index: Number(index),
    isGone: deleted !== undefined,
    isUp: flags.split(',').includes('UP'),
    mtu: Number(/^mtu (\d+)/.exec(rest)?.[1]),
    mac: / link\/(?!none)\S+ (\S+)/.exec(rest)?.[1],
    alias: /\\ +alias ([^\\]*)/.exec(rest)?.[1],
    master: / master (\S+)/.exec(rest)?.[1],
    portFlags: PORT_FLAGS.filter((flag) => rest.includes(` ${flag} on `)),
  };
}

function parseAddress(line: string): AddressEvent | undefined {
  const [, deleted, device, local, peer, scope] =
    /^(Deleted )?\d+: (\S+) +inet6? (\S+)(?: peer (\S+))?.*? scope (\S+)/.exec(line) ?? [];
  if (device === undefined || local === undefined) return undefined;
  const address = peer === undefined ? local : `${local}/${peer.split('/')[1] ?? ''}`;
  return { kind: 'address', device, address, isGone: deleted !== undefined, isGlobal: scope === 'global' };
}

function parseForwarding(line: string): ForwardingEvent | undefined {
  const [, six, state] = /^inet(6?) all .*?\bforwarding (on|off)/.exec(line) ?? [];
  return state === undefined
    ? undefined
    : { kind: 'forwarding', version: six === '6' ? 6 : 4, isOn: state === 'on' };
}
