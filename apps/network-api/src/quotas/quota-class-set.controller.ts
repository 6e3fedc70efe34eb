import { Controller, Get, NotImplementedException, Param, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Rule } from '../auth/auth.guard.js';
import { faultResponses, named } from '../open-api/responses.js';
import { ProjectLimits } from './project-limits.js';
import { quotaView } from './quota-limits.js';

/** nova's os-quota-class-sets: every class is as the configuration says. */
@ApiTags('quotas')
@Controller('v2.1/os-quota-class-sets/:class')
export class QuotaClassSetController {
  constructor(private readonly limits: ProjectLimits) {}

  @Get()
  @Rule('os_compute_api:os-quota-class-sets:show')
  @ApiOperation({ summary: 'Show how much a project may have that has no limits of its own' })
  @ApiOkResponse({ schema: { type: 'object', properties: { quota_class_set: named('QuotaSet') } } })
  @faultResponses(403)
  show(@Param('class') id: string) {
    return { quota_class_set: { id, ...quotaView(this.limits.standard) } };
  }

  @Put()
  @Rule('os_compute_api:os-quota-class-sets:update')
  @ApiOperation({ summary: 'Answers 501: the configuration says it' })
  @faultResponses(403, 501)
  update(): never {
    throw new NotImplementedException('The requested functionality is not supported.');
  }
}
