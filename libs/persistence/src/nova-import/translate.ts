import { ImportNotes, type ImportReport } from './import-report.js';
import type { ImportPlan, KnownRows } from './import-rows.js';
import type { NovaRecords } from './nova-records.js';
import { planFixedIps } from './plan-fixed-ips.js';
import { planFloatingIps } from './plan-floating-ips.js';
import { planCidrRules, planGroups, planMembers, planRules } from './plan-groups.js';
import { planNetworks } from './plan-networks.js';
import { planInstances, planNics } from './plan-nics.js';
import { planDnsDomains, planQuotas } from './plan-others.js';

export interface Translation {
  readonly plan: ImportPlan;
  readonly report: ImportReport;
}

/** What of nova's rows has to be written beside those that are here, and what cannot be. */
export function translate(records: NovaRecords, known: KnownRows): Translation {
  const notes = new ImportNotes();
  const instances = new Map(records.instances.map((instance) => [instance.uuid, instance]));
  const { rows: networkRows, networks } = planNetworks(records.networks, known.networks, notes);
  const { rows: nicRows, nics } = planNics(records.nics, { networks, instances }, known.nics, notes);
  const addresses = { networks, instances, nics, nicRecords: records.nics };
  const { rows: fixedIps, held } = planFixedIps(records.fixedIps, addresses, known.fixedIps, notes);
  for (const { id, network_id: networkId, count } of records.orphanedReservations) {
    notes.problem('fixed_ips', id, `${count} reserved addresses of network ${networkId}, which is not there`);
  }
  const targets = { held, fixedIps: records.fixedIps, instances };
  const floating = planFloatingIps(records.floatingIps, targets, known, notes);
  const { rows: groupRows, groups } = planGroups(records.groups, known.groups, notes);
  const holders = new Set([...nics.values()].map(({ instanceUuid }) => instanceUuid));
  const members = planMembers(records.members, { groups, instances: holders }, known.members, notes);
  const plan: ImportPlan = {
    networks: networkRows,
    nics: nicRows,
    fixedIps,
    instances: planInstances(records.instances, { nics, groupsOf: members.groupsOf }, known.instances, notes),
    pools: floating.pools,
    floatingIps: floating.rows,
    groups: groupRows,
    rules: planRules(records.rules, groups, known.rules, notes),
    members: members.rows,
    defaultRules: planCidrRules(
      'security_group_default_rules',
      records.defaultRules,
      known.defaultRules,
      notes,
    ),
    providerRules: planCidrRules(
      'provider_firewall_rules',
      records.providerRules,
      known.providerRules,
      notes,
    ),
    quotas: planQuotas(records.quotas, known.quotas, notes),
    dnsDomains: planDnsDomains(records.dnsDomains, known.dnsDomains, notes),
  };
  return { plan, report: notes };
}
