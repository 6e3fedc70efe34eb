import { Body, Controller, Delete, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
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
import { noSuchRule, refusedAs, ruleRefusals } from './refusals.js';
import { readRowId } from './row-id.js';
import { ruleArguments } from './rule-arguments.js';
import { SecurityGroupRuleBody } from './security-group-rule.dto.js';
import { securityGroupRuleView, type SecurityGroupRuleView } from './security-group-view.js';

/** nova's os-security-group-rules. They are listed with their groups. */
@ApiTags('security groups')
@Controller('v2.1/os-security-group-rules')
@Rule('os_compute_api:os-security-groups')
export class SecurityGroupRuleController {
  constructor(
    private readonly groups: KnownGroups,
    private readonly workers: NetworkWorkers,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Let traffic in to the members of a security group' })
  @ApiBody({ type: SecurityGroupRuleBody })
  @ApiOkResponse({
    schema: { type: 'object', properties: { security_group_rule: named('SecurityGroupRule') } },
  })
  @faultResponses(400, 403, 404, 503)
  async create(
    @By() by: Requester,
    @Body(bodyMember('security_group_rule'), checkedBody('refused')) body: SecurityGroupRuleBody,
  ): Promise<{ security_group_rule: SecurityGroupRuleView }> {
    const { security_group_rule: rule } = body;
    const { id: groupId } = await this.groups.get(by, readRowId(rule.parent_group_id));
    const wish = { ...ruleArguments(rule), group_id: await this.sourceId(by, rule.group_id) };
    const added = this.workers.callOurs(by, 'add_security_group_rules', { group_id: groupId, rules: [wish] });
    const answer = await refusedAs(added, ruleRefusals(groupId));
    const ruleId = answeredId(Array.isArray(answer) ? answer[0] : undefined);
    return { security_group_rule: await this.view(by, ruleId) };
  }

  @Delete(':id')
  @HttpCode(202)
  @ApiOperation({ summary: 'Take a rule out of its security group' })
  @ApiParam({ name: 'id', schema: { type: 'integer' } })
  @ApiAcceptedResponse({ description: 'It is gone.' })
  @faultResponses(400, 404, 503)
  async delete(@By() by: Requester, @Param('id') id: string): Promise<void> {
    const ruleId = readRowId(id);
    await this.groups.withRule(by, ruleId);
    const removed = this.workers.callOurs(by, 'remove_security_group_rule', { rule_id: ruleId });
    await refusedAs(removed, { SecurityGroupNotFoundForRule: noSuchRule(ruleId) });
  }

  private async sourceId(by: Requester, groupId: unknown): Promise<number | null> {
    if (groupId === undefined || groupId === null) return null;
    return (await this.groups.get(by, readRowId(groupId))).id;
  }

  private async view(by: Requester, ruleId: number): Promise<SecurityGroupRuleView> {
    const { rules } = await this.groups.withRule(by, ruleId);
    const rule = rules.find(({ id }) => id === ruleId);
    if (!rule) throw noSuchRule(ruleId);
    return securityGroupRuleView(rule);
  }
}
