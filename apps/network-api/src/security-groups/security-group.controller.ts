import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import { By, Rule } from '../auth/auth.guard.js';
import type { Requester } from '../auth/requester.js';
import { checkedBody } from '../http/validation.js';
import { faultResponses, named } from '../open-api/responses.js';
import { NetworkWorkers } from '../workers/network-workers.js';
import { answeredId } from './answered-id.js';
import { bodyMember } from './body-member.js';
import { KnownGroups } from './known-groups.js';
import { pageOf, readPage, wantsAllTenants, type Query as Asked } from './list-query.js';
import { groupRefusals, refusedAs } from './refusals.js';
import { readRowId } from './row-id.js';
import { SecurityGroupBody } from './security-group.dto.js';
import { securityGroupView, type SecurityGroupView } from './security-group-view.js';

const idParameter = { name: 'id', schema: { type: 'integer' } } as const;
const oneGroup = {
  schema: { type: 'object', properties: { security_group: named('SecurityGroup') } },
} as const;

/** nova's os-security-groups. */
@ApiTags('security groups')
@Controller('v2.1/os-security-groups')
@Rule('os_compute_api:os-security-groups')
export class SecurityGroupController {
  constructor(
    private readonly groups: KnownGroups,
    private readonly workers: NetworkWorkers,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List the security groups of the project' })
  @ApiQuery({ name: 'all_tenants', required: false, description: 'Of all projects; for administrators.' })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 0 } })
  @ApiQuery({ name: 'offset', required: false, schema: { type: 'integer', minimum: 0 } })
  @ApiOkResponse({
    schema: {
      type: 'object',
      properties: { security_groups: { type: 'array', items: named('SecurityGroup') } },
    },
  })
  @faultResponses(400, 503)
  async list(@By() by: Requester, @Query() query: Asked): Promise<{ security_groups: SecurityGroupView[] }> {
    const page = readPage(query);
    const groups = await this.groups.list(by, wantsAllTenants(query));
    return { security_groups: pageOf(groups, page).map(securityGroupView) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'Show a security group' })
  @ApiParam(idParameter)
  @ApiOkResponse(oneGroup)
  @faultResponses(400, 404)
  async show(@By() by: Requester, @Param('id') id: string): Promise<{ security_group: SecurityGroupView }> {
    return this.answer(by, readRowId(id));
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Create a security group without rules' })
  @ApiBody({ type: SecurityGroupBody })
  @ApiOkResponse(oneGroup)
  @faultResponses(400, 403, 503)
  async create(
    @By() by: Requester,
    @Body(bodyMember('security_group'), checkedBody('refused')) { security_group: texts }: SecurityGroupBody,
  ): Promise<{ security_group: SecurityGroupView }> {
    const { name, description } = texts;
    const made = this.workers.callOurs(by, 'create_security_group', { name, description });
    return this.answer(by, answeredId(await refusedAs(made, groupRefusals(name))));
  }

  @Put(':id')
  @ApiOperation({ summary: 'Give a security group another name and description' })
  @ApiParam(idParameter)
  @ApiBody({ type: SecurityGroupBody })
  @ApiOkResponse(oneGroup)
  @faultResponses(400, 404, 503)
  async update(
    @By() by: Requester,
    @Param('id') id: string,
    @Body(bodyMember('security_group'), checkedBody('refused')) { security_group: texts }: SecurityGroupBody,
  ): Promise<{ security_group: SecurityGroupView }> {
    const { id: groupId } = await this.groups.get(by, readRowId(id));
    const { name, description } = texts;
    const args = { group_id: groupId, name, description };
    await refusedAs(this.workers.callOurs(by, 'rename_security_group', args), groupRefusals(name));
    return this.answer(by, groupId);
  }

  @Delete(':id')
  @HttpCode(202)
  @ApiOperation({ summary: 'Delete a security group that no instance is in' })
  @ApiParam(idParameter)
  @ApiAcceptedResponse({ description: 'It is deleted.' })
  @faultResponses(400, 404, 503)
  async delete(@By() by: Requester, @Param('id') id: string): Promise<void> {
    const { id: groupId } = await this.groups.get(by, readRowId(id));
    await this.workers.callOurs(by, 'delete_security_group', { group_id: groupId });
  }

  private async answer(by: Requester, groupId: number): Promise<{ security_group: SecurityGroupView }> {
    return { security_group: securityGroupView(await this.groups.get(by, groupId)) };
  }
}
