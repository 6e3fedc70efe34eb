/**
 * What we note on a bridge itself, in its alias, so that it outlives us: whether we made it, which interface we put in,
 * and which of its addresses are ours. `novanet:created,eth1,10.0.0.1/24`. On the operator's bridge also the MTU that it
 * had, and the addresses that the interface brought: `novanet:joined:1500,eth1,10.0.0.1/24,+10.9.9.5/24`.
 */
export interface BridgeMark {
  /** `joined`: the operator's bridge, which we use and never delete. */
  readonly origin: 'created' | 'joined';
  /** Of a joined bridge whose MTU we changed. */
  readonly mtu: number | undefined;
  /** Not what was in a joined bridge before us. */
  readonly member: string | undefined;
  /** With prefix length. */
  readonly addresses: readonly string[];
  /** Of a joined bridge: they go back with the interface. Those of a bridge that we made are all that are not ours. */
  readonly brought: readonly string[];
}

const PREFIX = 'novanet:';

/** The kernel keeps no longer alias. */
const ALIAS_LENGTH = 255;

/** Addresses that find no room are left out: they stay on the bridge when their network leaves. */
export function renderMark({ origin, mtu, member, addresses, brought }: BridgeMark): string {
  const first = mtu === undefined ? origin : `${origin}:${mtu}`;
  const words = [first, member ?? '', ...addresses, ...brought.map((address) => `+${address}`)];
  while (PREFIX.length + words.join(',').length > ALIAS_LENGTH) words.pop();
  return PREFIX + words.join(',');
}

/** Undefined when the alias is not ours. */
export function parseMark(alias: string | undefined): BridgeMark | undefined {
  if (!alias?.startsWith(PREFIX)) return undefined;
  const [first = '', member, ...words] = alias.slice(PREFIX.length).split(',');
  const [origin, mtu] = first.split(':');
  if (origin !== 'created' && origin !== 'joined') return undefined;
  return {
    origin,
    mtu: mtu === undefined ? undefined : Number(mtu),
    member: member === '' ? undefined : member,
    addresses: words.filter((word) => !word.startsWith('+')),
    brought: words.filter((word) => word.startsWith('+')).map((word) => word.slice(1)),
  };
}
