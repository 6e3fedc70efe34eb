/**
 * What we note on a bridge itself, in its alias, so that it outlives us: whether we made it, which interface we put in,
 * and which of its addresses are ours. `novanet:created,eth1,10.0.0.1/24`.
 */
export interface BridgeMark {
  /** `joined`: the operator's bridge, which we use and never delete. */
  readonly origin: 'created' | 'joined';
  readonly member: string | undefined;
  /** With prefix length. */
  readonly addresses: readonly string[];
}

const PREFIX = 'novanet:';

/** The kernel keeps no longer alias. */
const ALIAS_LENGTH = 255;

/** Addresses that find no room are left out: they stay on the bridge when their network leaves. */
export function renderMark({ origin, member, addresses }: BridgeMark): string {
  const words = [origin, member ?? '', ...addresses];
  while (PREFIX.length + words.join(',').length > ALIAS_LENGTH) words.pop();
  return PREFIX + words.join(',');
}

/** Undefined when the alias is not ours. */
export function parseMark(alias: string | undefined): BridgeMark | undefined {
  if (!alias?.startsWith(PREFIX)) return undefined;
  const [origin, member, ...addresses] = alias.slice(PREFIX.length).split(',');
  if (origin !== 'created' && origin !== 'joined') return undefined;
  return { origin, member: member === '' ? undefined : member, addresses };
}
