import type { ProjectUsage, QuotaResource } from './project-quotas.js';

/** Where limits of projects are kept. A failed connection is retried and ends as DatabaseUnavailable. */
export abstract class QuotaStore {
  /** Without those that the project has no limit of its own for. */
  abstract limitsOf(projectId: string): Promise<ReadonlyMap<QuotaResource, number>>;
  abstract usageOf(projectId: string): Promise<ProjectUsage>;
  /** All or none; the others stay. */
  abstract put(projectId: string, limits: ReadonlyMap<QuotaResource, number>): Promise<void>;
  /** MUST keep the rows: requests wait at them. */
  abstract clear(projectId: string): Promise<void>;
}
