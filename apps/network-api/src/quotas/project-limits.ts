import { Inject, Injectable } from '@nestjs/common';
import { CloudDatabase } from '../database/cloud-database.js';
import { limitsWith, STANDARD_LIMITS, type QuotaLimits } from './quota-limits.js';

/** The limits of projects, their own before those of the configuration. */
@Injectable()
export class ProjectLimits {
  constructor(
    private readonly database: CloudDatabase,
    @Inject(STANDARD_LIMITS) readonly standard: QuotaLimits,
  ) {}

  async of(projectId: string): Promise<QuotaLimits> {
    return limitsWith(this.standard, await this.database.quotas.limitsOf(projectId));
  }
}
