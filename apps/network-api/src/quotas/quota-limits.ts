import type { ProjectUsage, QuotaResource } from '@novanet/ipam';

/** Limits of everything that has one; -1: any number. */
export type QuotaLimits = Readonly<Record<QuotaResource, number>>;

/** Token of the limits of projects that have none of their own: the options `quota_*`. */
export const STANDARD_LIMITS = Symbol('quota_*');

export function limitsWith(standard: QuotaLimits, own: ReadonlyMap<QuotaResource, number>): QuotaLimits {
  return { ...standard, ...Object.fromEntries(own) };
}

/** Limits of what compute services count, which are not ours: nova's standard, because clients print them. */
export const COMPUTE_LIMITS = {
  instances: 10,
  cores: 20,
  ram: 51_200,
  key_pairs: 100,
  metadata_items: 128,
  injected_files: 5,
  injected_file_content_bytes: 10_240,
  injected_file_path_bytes: 255,
  server_groups: 10,
  server_group_members: 10,
} as const;

/** A project's limits as os-quota-sets shows them. */
export type QuotaView = QuotaLimits & typeof COMPUTE_LIMITS;

export function quotaView(limits: QuotaLimits): QuotaView {
  return { ...COMPUTE_LIMITS, ...limits };
}

/** What of a limit is used. Nothing is reserved here: a request that is not done yet counts for nothing. */
export interface QuotaDetail {
  readonly limit: number;
  readonly in_use: number;
  readonly reserved: 0;
}

export function quotaDetails(
  limits: QuotaLimits,
  used: Readonly<Record<string, number>>,
): Readonly<Record<string, QuotaDetail>> {
  const details = Object.entries<number>(quotaView(limits)).map(
    ([name, limit]) => [name, { limit, in_use: used[name] ?? 0, reserved: 0 }] as const,
  );
  return Object.fromEntries(details);
}

/** `absolute` of `GET /limits`. */
export function absoluteLimits(limits: QuotaLimits, usage: ProjectUsage): Readonly<Record<string, number>> {
  return {
    maxTotalFloatingIps: limits.floating_ips,
    maxSecurityGroups: limits.security_groups,
    maxSecurityGroupRules: limits.security_group_rules,
    maxTotalInstances: COMPUTE_LIMITS.instances,
    maxTotalCores: COMPUTE_LIMITS.cores,
    maxTotalRAMSize: COMPUTE_LIMITS.ram,
    maxTotalKeypairs: COMPUTE_LIMITS.key_pairs,
    maxServerMeta: COMPUTE_LIMITS.metadata_items,
    maxImageMeta: COMPUTE_LIMITS.metadata_items,
    maxPersonality: COMPUTE_LIMITS.injected_files,
    maxPersonalitySize: COMPUTE_LIMITS.injected_file_content_bytes,
    maxServerGroups: COMPUTE_LIMITS.server_groups,
    maxServerGroupMembers: COMPUTE_LIMITS.server_group_members,
    totalFloatingIpsUsed: usage.floatingIps,
    totalSecurityGroupsUsed: usage.securityGroups,
    totalInstancesUsed: usage.instances,
    totalCoresUsed: 0,
    totalRAMUsed: 0,
    totalServerGroupsUsed: 0,
  };
}
