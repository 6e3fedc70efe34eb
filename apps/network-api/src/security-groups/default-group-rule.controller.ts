import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiBody,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { SecurityGroupDefaultRuleNotFound } from '@novanet/ipam';
import { By, Rule } from '../auth/auth.guard.js';
import type { Requester } from '../auth/requester.js';
import { CloudDatabase } from '../database/cloud-database.js';
import { checkedBody } from '../http/validation.js';
import { faultResponses, named } from '../open-api/responses.js';
import { NetworkWorkers } from '../workers/network-workers.js';
import { answeredId } from './answered-id.js';
import { bodyMember } from './body-member.js';
import { readRowId } from './row-id.js';
import { ruleArguments } from './rule-arguments.js';
import { DefaultGroupRuleBody } from './security-group-rule.dto.js';
import { defaultGroupRuleView, type DefaultGroupRuleView } from './security-group-view.js';

const idParameter = { name: 'id', schema: { type: 'integer' } } as const;
const oneRule = {
  schema: { type: 'object', properties: { security_group_default_rule: named('SecurityGroupDefaultRule') } },
} as const;

interface OneRule {
  readonly security_group_default_rule: DefaultGroupRuleView;
}

/** nova's os-security-group-default-rules: what groups "default" begin with that are made from now on. */
@ApiTags('security groups')
@Controller('v2.1/os-security-group-default-rules')
@Rule('os_compute_api:os-security-group-default-rules')
export class DefaultGroupRuleController {
  constructor(
    private readonly database: CloudDatabase,
    private readonly workers: NetworkWorkers,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List the rules that groups "default" begin with' })
  @ApiOkResponse({
    schema: {
      type: 'object',
      properties: {
        security_group_default_rules: { type: 'array', items: named('SecurityGroupDefaultRule') },
      },
    },
  })
  async list(): Promise<{ security_group_default_rules: DefaultGroupRuleView[] }> {
    const rules = await this.database.securityGroups.defaultRules.list();
    return { security_group_default_rules: rules.map(defaultGroupRuleView) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'Show one of these rules' })
  @ApiParam(idParameter)
  @ApiOkResponse(oneRule)
  @faultResponses(400, 404)
  async show(@Param('id') id: string): Promise<OneRule> {
    return this.answer(readRowId(id));
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Add a rule to those that groups "default" begin with; those there are stay as they are',
  })
  @ApiBody({ type: DefaultGroupRuleBody })
  @ApiOkResponse(oneRule)
  @faultResponses(400, 409, 503)
  async create(
    @By() by: Requester,
    @Body(bodyMember('security_group_default_rule'), checkedBody('refused')) body: DefaultGroupRuleBody,
  ): Promise<OneRule> {
    const args = ruleArguments(body.security_group_default_rule);
    return this.answer(answeredId(await this.workers.callOurs(by, 'add_default_group_rule', args)));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Take back one of these rules; groups that have it keep it' })
  @ApiParam(idParameter)
  @ApiNoContentResponse({ description: 'It is gone.' })
  @faultResponses(400, 404, 503)
  async delete(@By() by: Requester, @Param('id') id: string): Promise<void> {
    await this.workers.callOurs(by, 'remove_default_group_rule', { rule_id: readRowId(id) });
  }

  private async answer(ruleId: number): Promise<OneRule> {
    const rules = await this.database.securityGroups.defaultRules.list();
    const rule = rules.find(({ id }) => id === ruleId);
    if (!rule) throw new SecurityGroupDefaultRuleNotFound(ruleId);
    return { security_group_default_rule: defaultGroupRuleView(rule) };
  }
}
