import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { InstanceNotFound } from '@novanet/ipam';
import { isUUID } from 'class-validator';
import { By, Rule } from '../auth/auth.guard.js';
import type { Requester } from '../auth/requester.js';
import { CloudDatabase } from '../database/cloud-database.js';
import { faultResponses, named } from '../open-api/responses.js';
import { isKnownTo, KnownGroups } from './known-groups.js';
import { securityGroupView, type SecurityGroupView } from './security-group-view.js';

/** The security groups that an instance is in. */
@ApiTags('security groups')
@Controller('v2.1/servers/:uuid/os-security-groups')
@Rule('os_compute_api:os-security-groups')
export class ServerSecurityGroupController {
  constructor(
    private readonly database: CloudDatabase,
    private readonly groups: KnownGroups,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List the security groups that an instance is in' })
  @ApiParam({ name: 'uuid', schema: { type: 'string', format: 'uuid' } })
  @ApiOkResponse({
    schema: {
      type: 'object',
      properties: { security_groups: { type: 'array', items: named('SecurityGroup') } },
    },
  })
  @faultResponses(404, 503)
  async list(
    @By() by: Requester,
    @Param('uuid') uuid: string,
  ): Promise<{ security_groups: SecurityGroupView[] }> {
    const instance = isUUID(uuid) ? await this.database.instances.find(uuid.toLowerCase()) : undefined;
    if (!instance || !isKnownTo(by, instance)) throw new InstanceNotFound(uuid);
    if (instance.projectId !== null) await this.groups.ensureDefault(by, instance.projectId);
    const groups = await this.database.securityGroups.groupsOf(instance.uuid);
    return { security_groups: groups.map(securityGroupView) };
  }
}
