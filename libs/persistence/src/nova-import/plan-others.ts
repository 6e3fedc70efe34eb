import { QUOTA_RESOURCES, tryParseDomainName } from '@novanet/ipam';
import type { ImportNotes } from './import-report.js';
import { keyOf, type DnsDomainImport, type QuotaImport } from './import-rows.js';
import type { NovaDnsDomain, NovaQuota } from './nova-records.js';

/** What a project may have only so many of, here: nova counts much else. */
const RESOURCES: ReadonlySet<string> = new Set([...QUOTA_RESOURCES, 'networks']);

export function planQuotas(
  records: readonly NovaQuota[],
  known: readonly QuotaImport[],
  notes: ImportNotes,
): QuotaImport[] {
  const ours = records.filter(({ resource }) => RESOURCES.has(resource));
  remarkOnOthers(
    records.filter((quota) => !ours.includes(quota)),
    notes,
  );
  notes.read('quotas', ours.length);
  const knownByKey = new Map(known.map((quota) => [keyOf(quota.projectId, quota.resource), quota]));
  return ours.flatMap((record) => {
    const { id, kind, owner, resource, hard_limit: limit } = record;
    if (kind !== 'quotas' || owner === null) {
      notes.problem('quotas', id, withoutCounterpart(record), { table: kind });
      return [];
    }
    // nova: null is unlimited, as is -1
    const wanted = { projectId: owner, resource, limit: limit ?? -1 };
    const own = knownByKey.get(keyOf(owner, resource));
    // without a limit it is only a place to wait at
    const outcome = notes.compare('quotas', id, wanted, own?.limit === null ? undefined : own);
    return outcome === 'new' ? [wanted] : [];
  });
}

function withoutCounterpart({ kind, owner, resource, hard_limit: limit }: NovaQuota): string {
  if (kind === 'project_user_quotas') {
    return `a user of project ${owner} has a limit of ${limit} ${resource}: limits are a project's here`;
  }
  if (kind === 'quota_classes') {
    return `class ${owner} has a limit of ${limit} ${resource}: set quota_${resource} in the configuration`;
  }
  return `a limit of ${limit} ${resource} is nobody's`;
}

function remarkOnOthers(records: readonly NovaQuota[], notes: ImportNotes): void {
  if (records.length === 0) return;
  const names = [...new Set(records.map(({ resource }) => resource))].sort();
  notes.remarks.push(
    `${records.length} limits in quotas are not the network service's and are not imported: ${names.join(', ')}.`,
  );
}

export function planDnsDomains(
  records: readonly NovaDnsDomain[],
  known: readonly DnsDomainImport[],
  notes: ImportNotes,
): DnsDomainImport[] {
  const knownByName = new Map(known.map((domain) => [domain.domain, domain]));
  notes.read('dns_domains', records.length);
  return records.flatMap((record) => {
    const domain = tryParseDomainName(record.domain);
    const { scope } = record;
    if (domain === undefined || (scope !== 'private' && scope !== 'public')) {
      const reason = domain === undefined ? 'is no domain name' : `has the scope "${scope ?? ''}"`;
      notes.problem('dns_domains', record.domain, reason);
      return [];
    }
    const isPrivate = scope === 'private';
    const wanted = {
      domain,
      scope,
      availabilityZone: isPrivate ? record.availability_zone : null,
      projectId: isPrivate ? null : record.project_id,
    };
    const outcome = notes.compare('dns_domains', record.domain, wanted, knownByName.get(domain));
    return outcome === 'new' ? [wanted] : [];
  });
}
