/** The kinds of rows, by the names of our tables, in the order of their import. */
export const IMPORT_KINDS = [
  'networks',
  'instances',
  'virtual_interfaces',
  'fixed_ips',
  'floating_ip_pools',
  'floating_ips',
  'security_groups',
  'security_group_rules',
  'security_group_members',
  'security_group_default_rules',
  'provider_firewall_rules',
  'quotas',
  'dns_domains',
] as const;

export type ImportKind = (typeof IMPORT_KINDS)[number];

/** What became of one kind of rows. */
export interface ImportCounts {
  read: number;
  imported: number;
  alreadyThere: number;
  problems: number;
}

/** A row of nova's that cannot be taken as it is. */
export interface ImportProblem {
  readonly kind: ImportKind;
  /** nova's. */
  readonly table: string;
  readonly row: number | string;
  readonly reason: string;
  /** Whether an instance is without an address of its own because of it. */
  readonly losesAddress: boolean;
}

export interface ImportReport {
  readonly counts: Readonly<Record<ImportKind, Readonly<ImportCounts>>>;
  readonly problems: readonly ImportProblem[];
  /** What has no counterpart here, a sentence each. */
  readonly remarks: readonly string[];
}

/** A report while it is written. */
export class ImportNotes implements ImportReport {
  readonly counts: Record<ImportKind, ImportCounts>;
  readonly problems: ImportProblem[] = [];
  readonly remarks: string[] = [];

  constructor() {
    const zero = (): ImportCounts => ({ read: 0, imported: 0, alreadyThere: 0, problems: 0 });
    this.counts = {
      networks: zero(),
      instances: zero(),
      virtual_interfaces: zero(),
      fixed_ips: zero(),
      floating_ip_pools: zero(),
      floating_ips: zero(),
      security_groups: zero(),
      security_group_rules: zero(),
      security_group_members: zero(),
      security_group_default_rules: zero(),
      provider_firewall_rules: zero(),
      quotas: zero(),
      dns_domains: zero(),
    };
  }

  read(kind: ImportKind, count: number): void {
    this.counts[kind].read += count;
  }

  /** @param table nova's, where it has another name than ours */
  problem(
    kind: ImportKind,
    row: number | string,
    reason: string,
    { table = kind, losesAddress = false }: { readonly table?: string; readonly losesAddress?: boolean } = {},
  ): void {
    this.counts[kind].problems += 1;
    this.problems.push({ kind, table, row, reason, losesAddress });
  }

  /**
   * What the row is beside the one of its key that is here. One with other values is a problem, and stays as it is.
   * @param row nova's
   * @param losesAddress whether an instance needs this one
   */
  compare<Row extends object>(
    kind: ImportKind,
    row: number | string,
    wanted: Row,
    known: Row | undefined,
    losesAddress = false,
  ): 'new' | 'same' | 'different' {
    if (!known) {
      this.counts[kind].imported += 1;
      return 'new';
    }
    const differences = differencesOf(wanted, known);
    if (differences.length === 0) {
      this.counts[kind].alreadyThere += 1;
      return 'same';
    }
    this.problem(kind, row, `is here already, with other values: ${differences.join(', ')}`, {
      losesAddress,
    });
    return 'different';
  }
}

/** "host h1 (nova: h2)" for each column in which they differ. */
function differencesOf<Row extends object>(wanted: Row, known: Row): string[] {
  const theirs = new Map<string, unknown>(Object.entries(wanted));
  return Object.entries(known).flatMap(([column, value]) => {
    const other = theirs.get(column);
    return textOf(value) === textOf(other) ? [] : [`${column} ${textOf(value)} (nova: ${textOf(other)})`];
  });
}

const LONGEST = 60;

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
