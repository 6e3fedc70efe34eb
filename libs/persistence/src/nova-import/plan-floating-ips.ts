import { Ipv4, parseDeviceName, parseHostName } from '@novanet/net-address';
import type { ImportNotes } from './import-report.js';
import type { AddressKey, FloatingIpImport, FloatingIpValues } from './import-rows.js';
import type { NovaFixedIp, NovaFloatingIp, NovaInstance } from './nova-records.js';
import { isHeld, type FixedIpsPlan } from './plan-fixed-ips.js';
import { attempt, optional } from './readings.js';

/** Where nova puts addresses without a pool: its `default_floating_pool`. */
const DEFAULT_POOL = 'nova';

export interface FloatingIpsPlan {
  readonly pools: readonly string[];
  readonly rows: readonly FloatingIpImport[];
}

/** What floating IPs lead to. */
export interface FloatingSurroundings {
  readonly held: FixedIpsPlan['held'];
  readonly fixedIps: readonly NovaFixedIp[];
  /** By uuid. */
  readonly instances: ReadonlyMap<string, NovaInstance>;
}

export function planFloatingIps(
  records: readonly NovaFloatingIp[],
  surroundings: FloatingSurroundings,
  known: { readonly pools: readonly string[]; readonly floatingIps: readonly FloatingIpValues[] },
  notes: ImportNotes,
): FloatingIpsPlan {
  const fixedIps = new Map(surroundings.fixedIps.map((fixedIp) => [fixedIp.id, fixedIp]));
  const knownByAddress = new Map(known.floatingIps.map((values) => [values.address, values]));
  const seen = new Set<string>();
  const rows: FloatingIpImport[] = [];
  const pools = new Set<string>();
  notes.read('floating_ips', records.length);
  for (const record of records) {
    const attempted = attempt(() =>
      floatingIpValues(record, surroundings.held.get(record.fixed_ip_id ?? 0) ?? null),
    );
    const fixedIp = fixedIps.get(record.fixed_ip_id ?? 0);
    const losesAddress = fixedIp !== undefined && isHeld(fixedIp, surroundings.instances);
    const isTwice = 'value' in attempted && seen.has(attempted.value.address);
    if ('reason' in attempted || isTwice) {
      const reason = 'reason' in attempted ? attempted.reason : `${attempted.value.address} has another row`;
      notes.problem('floating_ips', record.id, reason, { losesAddress });
      continue;
    }
    const values = attempted.value;
    seen.add(values.address);
    pools.add(values.pool);
    if (record.fixed_ip_id !== null && !values.fixedIp) {
      const reason = `${values.address} leads to fixed IP ${record.fixed_ip_id}, which no imported instance has`;
      notes.problem('floating_ips', record.id, reason, { losesAddress });
    }
    const outcome = notes.compare(
      'floating_ips',
      record.id,
      values,
      knownByAddress.get(values.address),
      losesAddress,
    );
    if (outcome === 'new') rows.push({ novaId: record.id, values, releasedAt: releasedAt(record) });
  }
  return { pools: planPools(pools, known.pools, notes), rows };
}

function planPools(wanted: ReadonlySet<string>, known: readonly string[], notes: ImportNotes): string[] {
  notes.read('floating_ip_pools', wanted.size);
  return [...wanted].filter((name) => {
    const own = known.includes(name) ? { name } : undefined;
    return notes.compare('floating_ip_pools', name, { name }, own) === 'new';
  });
}

/** Throws InvalidAddressText. */
function floatingIpValues(record: NovaFloatingIp, fixedIp: AddressKey | null): FloatingIpValues {
  const host = optional(record.host, parseHostName);
  return {
    address: Ipv4.parse(record.address ?? '').toString(),
    pool: record.pool || DEFAULT_POOL,
    projectId: record.project_id,
    // nova leaves the host of some that are nowhere
    host: fixedIp && host,
    isAutoAssigned: record.auto_assigned === 1,
    interface: optional(record.interface, parseDeviceName),
    fixedIp,
  };
}

/** One that was never given back does not rest. */
function releasedAt({ project_id: projectId, updated_at: updatedAt }: NovaFloatingIp): Date | null {
  return projectId === null ? updatedAt : null;
}
