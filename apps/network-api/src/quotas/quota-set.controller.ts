import {
  Body,
  Controller,
  Delete,
  ForbiddenException,
  Get,
  HttpCode,
  NotImplementedException,
  Param,
  Put,
  Query,
} from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { QUOTA_RESOURCES, usedOf } from '@novanet/ipam';
import { By, Rule } from '../auth/auth.guard.js';
import type { Requester } from '../auth/requester.js';
import { CloudDatabase } from '../database/cloud-database.js';
import type { Query as Queries } from '../http/query.js';
import { readBody } from '../http/read-body.js';
import { isYes } from '../networks/nova-types.js';
import { faultResponses, named } from '../open-api/responses.js';
import { NetworkWorkers } from '../workers/network-workers.js';
import { ProjectLimits } from './project-limits.js';
import { quotaDetails, quotaView } from './quota-limits.js';
import { QuotaSetBody, QuotaSetDto } from './quota-set.dto.js';

const quotaSet = { schema: { type: 'object', properties: { quota_set: named('QuotaSet') } } };

/** nova's os-quota-sets: how much a project may have. */
@ApiTags('quotas')
@Controller('v2.1/os-quota-sets/:project')
export class QuotaSetController {
  constructor(
    private readonly database: CloudDatabase,
    private readonly workers: NetworkWorkers,
    private readonly limits: ProjectLimits,
  ) {}

  @Get()
  @Rule('os_compute_api:os-quota-sets:show')
  @ApiOperation({ summary: 'Show how much a project may have; -1: any number' })
  @ApiOkResponse(quotaSet)
  @faultResponses(403)
  async show(@By() by: Requester, @Param('project') projectId: string) {
    refuseOthers(by, projectId, 'show');
    return { quota_set: { id: projectId, ...quotaView(await this.limits.of(projectId)) } };
  }

  @Get('defaults')
  @Rule('os_compute_api:os-quota-sets:defaults')
  @ApiOperation({ summary: 'Show how much a project may have that has no limits of its own' })
  @ApiOkResponse(quotaSet)
  defaults(@Param('project') projectId: string) {
    return { quota_set: { id: projectId, ...quotaView(this.limits.standard) } };
  }

  @Get('detail')
  @Rule('os_compute_api:os-quota-sets:detail')
  @ApiOperation({ summary: 'Show how much a project may have, and has' })
  @ApiOkResponse({ schema: { type: 'object', properties: { quota_set: named('QuotaSetDetail') } } })
  @faultResponses(403)
  async detail(@By() by: Requester, @Param('project') projectId: string) {
    refuseOthers(by, projectId, 'detail');
    const [limits, usage] = await Promise.all([
      this.limits.of(projectId),
      this.database.quotas.usageOf(projectId),
    ]);
    const used = { ...usedOf(usage), instances: usage.instances };
    return { quota_set: { id: projectId, ...quotaDetails(limits, used) } };
  }

  @Put()
  @Rule('os_compute_api:os-quota-sets:update')
  @ApiOperation({ summary: 'Give a project limits of its own' })
  @ApiBody({ type: QuotaSetBody })
  @ApiOkResponse({ schema: { type: 'object', properties: { quota_set: named('QuotaLimits') } } })
  @faultResponses(400, 403, 501, 503)
  async update(
    @By() by: Requester,
    @Param('project') projectId: string,
    @Query() query: Queries,
    @Body() body: unknown,
  ) {
    refuseUsers(query);
    const { quota_set: wanted } = readBody(QuotaSetBody, body);
    const { force, ...limits } = readBody(QuotaSetDto, wanted);
    const given = QUOTA_RESOURCES.flatMap((name) => {
      const limit = limits[name] ?? undefined;
      return limit === undefined ? [] : [[name, Number(limit)] as const];
    });
    await this.workers.callOurs(by, 'put_quotas', {
      project_id: projectId,
      limits: Object.fromEntries(given),
      force: isYes(force),
    });
    return { quota_set: quotaView(await this.limits.of(projectId)) };
  }

  @Delete()
  @HttpCode(202)
  @Rule('os_compute_api:os-quota-sets:delete')
  @ApiOperation({ summary: 'Take from a project the limits of its own' })
  @ApiAcceptedResponse({ description: 'It has those of the configuration.' })
  @faultResponses(403, 501, 503)
  async delete(@By() by: Requester, @Param('project') projectId: string, @Query() query: Queries) {
    refuseUsers(query);
    await this.workers.callOurs(by, 'clear_quotas', { project_id: projectId });
  }
}

/** Whatever policy says of the rule: what another project has is none of his business. */
function refuseOthers(by: Requester, projectId: string, what: string): void {
  if (by.isAdmin || projectId === by.projectId) return;
  throw new ForbiddenException(`Policy doesn't allow os_compute_api:os-quota-sets:${what} to be performed.`);
}

/** Limits are of projects: those of a user would change for all. */
function refuseUsers(query: Queries): void {
  if (query['user_id'] !== undefined) {
    throw new NotImplementedException('The requested functionality is not supported.');
  }
}
