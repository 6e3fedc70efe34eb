import { QUOTA_RESOURCES, QuotaStore, type ProjectUsage, type QuotaResource } from '@novanet/ipam';
import type { Database } from '../database/database.js';

export class TypeormQuotaStore extends QuotaStore {
  constructor(private readonly database: Database) {
    super();
  }

  async limitsOf(projectId: string): Promise<ReadonlyMap<QuotaResource, number>> {
    const rows = await this.database.run((manager) =>
      manager.query<{ resource: string; limit: number }[]>(
        `SELECT resource, hard_limit AS \`limit\` FROM quotas
          WHERE project_id = ? AND hard_limit IS NOT NULL`,
        [projectId],
      ),
    );
    const limits = new Map(rows.map(({ resource, limit }) => [resource, limit]));
    return new Map(
      QUOTA_RESOURCES.flatMap((resource) => {
        const limit = limits.get(resource);
        return limit === undefined ? [] : [[resource, limit] as const];
      }),
    );
  }

  async usageOf(projectId: string): Promise<ProjectUsage> {
    const [row] = await this.database.run((manager) =>
      manager.query<{ [Name in keyof ProjectUsage]: number | string }[]>(
        `SELECT
           (SELECT COUNT(*) FROM floating_ips WHERE project_id = ? AND auto_assigned = 0) AS floatingIps,
           (SELECT COUNT(*) FROM instances i JOIN fixed_ips f ON f.instance_uuid = i.uuid
             WHERE i.project_id = ? AND f.allocated = 1) AS fixedIps,
           (SELECT COUNT(*) FROM security_groups WHERE project_id = ?) AS securityGroups,
           (SELECT COUNT(*) FROM instances WHERE project_id = ?) AS instances`,
        [projectId, projectId, projectId, projectId],
      ),
    );
    return {
      floatingIps: Number(row?.floatingIps),
      fixedIps: Number(row?.fixedIps),
      securityGroups: Number(row?.securityGroups),
      instances: Number(row?.instances),
    };
  }

  async put(projectId: string, limits: ReadonlyMap<QuotaResource, number>): Promise<void> {
    if (limits.size === 0) return;
    const rows = [...limits].map(([resource, limit]) => [projectId, resource, limit]);
    await this.database.run((manager) =>
      manager.query(
        `INSERT INTO quotas (project_id, resource, hard_limit) VALUES ?
         ON DUPLICATE KEY UPDATE hard_limit = VALUES(hard_limit)`,
        [rows],
      ),
    );
  }

  async clear(projectId: string): Promise<void> {
    await this.database.run((manager) =>
      manager.query('UPDATE quotas SET hard_limit = NULL WHERE project_id = ?', [projectId]),
    );
  }
}
