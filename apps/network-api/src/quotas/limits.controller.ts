import { Controller, ForbiddenException, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { By, Rule } from '../auth/auth.guard.js';
import type { Requester } from '../auth/requester.js';
import { CloudDatabase } from '../database/cloud-database.js';
import { queryText, type Query as Queries } from '../http/query.js';
import { faultResponses, named } from '../open-api/responses.js';
import { PolicyBook } from '../policy/policy-book.js';
import { ProjectLimits } from './project-limits.js';
import { absoluteLimits } from './quota-limits.js';

const OF_OTHERS = 'os_compute_api:os-used-limits';

/** nova's limits: what a project may have, and has. */
@ApiTags('quotas')
@Controller('v2.1/limits')
@Rule('os_compute_api:limits')
export class LimitsController {
  constructor(
    private readonly database: CloudDatabase,
    private readonly limits: ProjectLimits,
    private readonly policies: PolicyBook,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Show what the project may have, and has' })
  @ApiQuery({ name: 'tenant_id', required: false, description: 'For administrators.' })
  @ApiOkResponse({ schema: { type: 'object', properties: { limits: named('Limits') } } })
  @faultResponses(403)
  async show(@By() by: Requester, @Query() query: Queries) {
    const projectId = queryText(query, 'tenant_id') ?? by.projectId ?? '';
    if (projectId !== (by.projectId ?? '') && !this.policies.allows(OF_OTHERS, by)) {
      throw new ForbiddenException(`Policy doesn't allow ${OF_OTHERS} to be performed.`);
    }
    const [limits, usage] = await Promise.all([
      this.limits.of(projectId),
      this.database.quotas.usageOf(projectId),
    ]);
    return { limits: { rate: [], absolute: absoluteLimits(limits, usage) } };
  }
}
