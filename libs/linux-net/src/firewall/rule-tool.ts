import type { RuleFamily } from '@novanet/host-plan';

/** The programs of one family of rules. All list and load the same format; nft and legacy variants alike. */
export interface RuleTool {
  /** As messages call it. */
  readonly name: string;
  readonly save: readonly [program: string];
  /** Declared chains are emptied and filled anew; what is not mentioned stays. */
  readonly restore: readonly [program: string, ...options: string[]];
  /** What stands behind the name of a user chain in its declaration. */
  readonly chainPolicy: string;
  /** The file that names the tables of the legacy variant; ebtables has none. */
  readonly legacyTables?: string;
}

/** Seconds to wait for the lock of another iptables; ebtables has none. */
const LOCK_SECONDS = '5';

/** They name the tables of the legacy variants that are in use. */
export const LEGACY_IPV4_TABLES = '/proc/net/ip_tables_names';
export const LEGACY_IPV6_TABLES = '/proc/net/ip6_tables_names';

export const ruleTools: Readonly<Record<RuleFamily, RuleTool>> = {
  ipv4: {
    name: 'iptables',
    save: ['iptables-save'],
    restore: ['iptables-restore', '--noflush', '-w', LOCK_SECONDS],
    chainPolicy: '- [0:0]',
    legacyTables: LEGACY_IPV4_TABLES,
  },
  ipv6: {
    name: 'ip6tables',
    save: ['ip6tables-save'],
    restore: ['ip6tables-restore', '--noflush', '-w', LOCK_SECONDS],
    chainPolicy: '- [0:0]',
    legacyTables: LEGACY_IPV6_TABLES,
  },
  bridge: {
    name: 'ebtables',
    save: ['ebtables-save'],
    restore: ['ebtables-restore', '--noflush'],
    chainPolicy: 'RETURN',
  },
};
