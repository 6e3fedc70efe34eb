import type { RuleFamily } from '@novanet/host-plan';
import { parseIptablesSave, type Ruleset } from './ruleset.js';

/** The programs of one family of rules. All list and load the same format; nft and legacy variants alike. */
export interface RuleTool {
  /** As messages call it. */
  readonly name: string;
  readonly save: readonly [program: string];
  readonly parse: (listed: string) => Ruleset;
  /** What is not mentioned stays. */
  readonly restore: readonly [program: string, ...options: string[]];
  /** After these lines the chain is there, and empty. */
  readonly declare: (chain: string) => readonly string[];
  /** How the lines of a table end. */
  readonly end: readonly string[];
  /** The file that names the tables of the legacy variant; ebtables has none. */
  readonly legacyTables?: string;
}

/** Seconds to wait for the lock of another iptables; ebtables has none. */
const LOCK_SECONDS = '5';

/** They name the tables of the legacy variants that are in use. */
export const LEGACY_IPV4_TABLES = '/proc/net/ip_tables_names';
export const LEGACY_IPV6_TABLES = '/proc/net/ip6_tables_names';
const iptables = {
  parse: parseIptablesSave,
  declare: (chain: string) => [`:${chain} - [0:0]`],
  end: ['COMMIT'],
};

/** The legacy variant leaves in a chain that is declared what it has, and knows no COMMIT; the other one takes this, too. */
const ebtables = {
  parse: (listed: string) => parseIptablesSave(withWholeMacs(listed)),
  declare: (chain: string) => [`:${chain} RETURN`, `-F ${chain}`],
  end: [],
};

/** The legacy variant writes `fa:16:3e:0:0:1`. */
function withWholeMacs(listed: string): string {
  return listed.replaceAll(/(?<=[ /])[\da-f]{1,2}(?::[\da-f]{1,2}){5}(?=[\s/])/g, (mac) =>
    mac
      .split(':')
      .map((byte) => byte.padStart(2, '0'))
      .join(':'),
  );
}

export const ruleTools: Readonly<Record<RuleFamily, RuleTool>> = {
  ipv4: {
    name: 'iptables',
    save: ['iptables-save'],
    restore: ['iptables-restore', '--noflush', '-w', LOCK_SECONDS],
    ...iptables,
    legacyTables: LEGACY_IPV4_TABLES,
  },
  ipv6: {
    name: 'ip6tables',
    save: ['ip6tables-save'],
    restore: ['ip6tables-restore', '--noflush', '-w', LOCK_SECONDS],
    ...iptables,
    legacyTables: LEGACY_IPV6_TABLES,
  },
  bridge: {
    name: 'ebtables',
    save: ['ebtables-save'],
    restore: ['ebtables-restore', '--noflush'],
    ...ebtables,
  },
};
