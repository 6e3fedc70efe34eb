import { type Cidr, type IpAddress, type IpVersion, Ipv4Cidr, Ipv6Cidr } from '@novanet/net-address';
import { type JsonRecord, numberAt, parseRecords, textAt } from '../links/json-fields.js';

/** A line of `ip rule`: which table is asked for whom. */
export interface PolicyRule {
  readonly version: IpVersion;
  readonly priority: number;
  /** Undefined: nobody is excluded. */
  readonly from: Cidr | undefined;
  readonly to: Cidr | undefined;
  /** The devices that it names, `iif` or `oif`. */
  readonly devices: readonly string[];
  /** Undefined: it refuses. */
  readonly table: string | undefined;
}

/** What every host has. */
export const USUAL_RULES: readonly PolicyRule[] = ([4, 6] as const).map((version) => ({
  version,
  priority: 32_766,
  from: undefined,
  to: undefined,
  devices: [],
  table: 'main',
}));

/** Rules that also ask for something else (a mark, a port, a user) do not say whom they are for: they are left out. */
const UNDERSTOOD = new Set(
  'priority src srclen dst dstlen iif oif iif_detached oif_detached table action protocol'.split(' '),
);

const REFUSALS = new Set(['unreachable', 'blackhole', 'prohibit']);

/** Reads `ip -json -details rule show` of one family, in the order in which the kernel goes through them. */
export function parsePolicyRules(json: string, version: IpVersion): PolicyRule[] {
  return parseRecords(json).flatMap((record) => {
    if (Object.keys(record).some((name) => !UNDERSTOOD.has(name))) return [];
    const table = textAt(record, 'table');
    if (table === undefined && !REFUSALS.has(textAt(record, 'action') ?? '')) return [];
    return [
      {
        version,
        priority: numberAt(record, 'priority') ?? 0,
        from: blockAt(record, 'src', version),
        to: blockAt(record, 'dst', version),
        // what this host sends by itself comes in by `lo`
        devices: ['iif', 'oif'].flatMap((name) => textAt(record, name) ?? []).filter((name) => name !== 'lo'),
        table,
      },
    ];
  });
}

function blockAt(record: JsonRecord, name: 'src' | 'dst', version: IpVersion): Cidr | undefined {
  const address = textAt(record, name);
  if (address === undefined || address === 'all') return undefined;
  const text = `${address}/${numberAt(record, `${name}len`) ?? (version === 4 ? 32 : 128)}`;
  return version === 4 ? Ipv4Cidr.tryParse(text) : Ipv6Cidr.tryParse(text);
}

/** Whether it is for packets from here to there. Of one that names devices, that has to be asked besides. */
export function isFor(rule: PolicyRule, from: IpAddress | undefined, to: IpAddress): boolean {
  if (rule.version !== to.version) return false;
  if (rule.to && !rule.to.contains(to)) return false;
  return !rule.from || (from !== undefined && rule.from.contains(from));
}
