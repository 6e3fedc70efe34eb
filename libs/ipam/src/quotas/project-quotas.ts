import { InvalidInput } from '../errors.js';
import type { QuotaStore } from './quota-store.port.js';

/** What a project may have only so many of, by nova's names. */
export const QUOTA_RESOURCES = [
  'floating_ips',
  'fixed_ips',
  'security_groups',
  'security_group_rules',
] as const;

export type QuotaResource = (typeof QUOTA_RESOURCES)[number];

/** What a project has, counted as its limits count it. */
export interface ProjectUsage {
  readonly floatingIps: number;
  readonly fixedIps: number;
  readonly securityGroups: number;
  readonly instances: number;
}

/** Limits of projects that go before those of the configuration; -1: any number. */
export class ProjectQuotas {
  constructor(private readonly store: QuotaStore) {}

  /** Only what the project has a limit of its own for. */
  limitsOf(projectId: string): Promise<ReadonlyMap<QuotaResource, number>> {
    return this.store.limitsOf(projectId);
  }

  usageOf(projectId: string): Promise<ProjectUsage> {
    return this.store.usageOf(projectId);
  }

  /** Repeatable. Throws InvalidInput for less than the project has, unless forced. */
  async put(
    projectId: string,
    limits: ReadonlyMap<QuotaResource, number>,
    { isForced }: { readonly isForced: boolean },
  ): Promise<void> {
    if (!isForced) refuseTooLittle(limits, usedOf(await this.store.usageOf(projectId)));
    await this.store.put(projectId, limits);
  }

  /** From then on the project has the limits of the configuration. Repeatable. */
  clear(projectId: string): Promise<void> {
    return this.store.clear(projectId);
  }
}

/** Rules are counted in each group, so that a project has used none. */
export function usedOf(usage: ProjectUsage): Readonly<Record<QuotaResource, number>> {
  return {
    floating_ips: usage.floatingIps,
    fixed_ips: usage.fixedIps,
    security_groups: usage.securityGroups,
    security_group_rules: 0,
  };
}

function refuseTooLittle(
  limits: ReadonlyMap<QuotaResource, number>,
  used: Readonly<Record<QuotaResource, number>>,
): void {
  for (const [resource, limit] of limits) {
    if (limit < 0 || limit >= used[resource]) continue;
    throw new InvalidInput(
      `Quota limit ${limit} for ${resource} must be greater than or equal to already used and reserved ${used[resource]}.`,
    );
  }
}
