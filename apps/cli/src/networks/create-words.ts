import { CliFailure } from '../cli-failure.error.js';
import type { Given } from './network-fields.js';

const RANGE = ['cidr', 'num_networks', 'network_size'];
const REST = ['bridge', 'bridge_interface', 'dns1', 'dns2', 'project_id', 'priority', 'uuid', 'fixed_cidr'];
const ESSEX = ['label', ...RANGE, 'multi_host', 'vlan_start', 'vpn_start', 'cidr_v6'];

/** What the words after `network create` were, each in its turn, in the releases of nova. */
const orders = {
  mitaka: [
    'label',
    ...RANGE,
    'multi_host',
    'vlan',
    'vlan_start',
    'vpn_start',
    'cidr_v6',
    'gateway',
    'gateway_v6',
    ...REST,
  ],
  essex: [...ESSEX, 'gateway', 'gateway_v6', ...REST],
  diablo: [...ESSEX, 'gateway_v6', ...REST],
  cactus: [...RANGE, 'vlan_start', 'vpn_start', 'cidr_v6', 'label'],
} as const;

/** The label that Cactus gave. */
export const CACTUS_LABEL = 'public';

/** The words as fields. A release is known by where ranges and IPv6 addresses stand. Throws CliFailure. */
export function readCreateWords(words: readonly string[]): {
  readonly given: Given;
  readonly isCactus: boolean;
} {
  const release = releaseOf(words);
  const order: readonly string[] = orders[release];
  if (words.length > order.length) {
    throw new CliFailure(
      'usage',
      `Nobody knows what "${words[order.length]}" is: the words are ${order.join(' ')}.`,
    );
  }
  const named = words.map((word, index) => [order[index] ?? '', word] as const);
  // nova-manage passed over what was empty.
  return { given: new Map(named.filter(([, word]) => word !== '')), isCactus: release === 'cactus' };
}

function releaseOf(words: readonly string[]): keyof typeof orders {
  if (/^[\da-fA-F.:]+\/\d+$/.test(words[0] ?? '')) return 'cactus';
  const isV6 = (index: number) => words[index]?.includes(':') ?? false;
  if (!isV6(ESSEX.indexOf('cidr_v6'))) return 'mitaka';
  return isV6(ESSEX.length) ? 'diablo' : 'essex';
}
