import {
  BadRequestException,
  Body,
  Controller,
  ForbiddenException,
  HttpCode,
  Param,
  Post,
} from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { By, Rule } from '../auth/auth.guard.js';
import type { Requester } from '../auth/requester.js';
import { onlyAction } from '../http/only-action.js';
import { faultResponses, named } from '../open-api/responses.js';
import { PolicyBook } from '../policy/policy-book.js';
import { FixedIpActions } from './fixed-ip-actions.js';
import { FloatingIpActions } from './floating-ip-actions.js';
import { SecurityGroupActions } from './security-group-actions.js';
import type { ServerAction } from './server-action.js';
import { serverParameter } from './server-parameter.js';

/** nova's server actions that are about the network; each has a rule of its own. */
@ApiTags('servers')
@Controller('v2.1/servers/:sid/action')
@Rule('os_compute_api:servers:show')
export class ServerActionController {
  private readonly actions: ReadonlyMap<string, ServerAction>;

  constructor(
    private readonly policies: PolicyBook,
    floatingIps: FloatingIpActions,
    fixedIps: FixedIpActions,
    groups: SecurityGroupActions,
  ) {
    const [floating, multinic, grouped] = [
      'os_compute_api:os-floating-ips',
      'os_compute_api:os-multinic',
      'os_compute_api:os-security-groups',
    ] as const;
    this.actions = new Map<string, ServerAction>([
      ['addFloatingIp', { rule: floating, run: (wanted) => floatingIps.add(wanted) }],
      ['removeFloatingIp', { rule: floating, run: (wanted) => floatingIps.remove(wanted) }],
      ['addFixedIp', { rule: multinic, run: (wanted) => fixedIps.add(wanted) }],
      ['removeFixedIp', { rule: multinic, run: (wanted) => fixedIps.remove(wanted) }],
      ['addSecurityGroup', { rule: grouped, run: (wanted) => groups.add(wanted) }],
      ['removeSecurityGroup', { rule: grouped, run: (wanted) => groups.remove(wanted) }],
    ]);
  }

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Change the addresses or the security groups of a server' })
  @ApiParam(serverParameter)
  @ApiBody({ schema: named('ServerAction') })
  @ApiAcceptedResponse({ description: 'It is done.' })
  @faultResponses(400, 403, 404, 409, 503)
  async act(@By() by: Requester, @Param('sid') serverId: string, @Body() body: unknown): Promise<void> {
    const [name, args] = onlyAction(body);
    const action = this.actions.get(name);
    if (!action) throw new BadRequestException(`There is no such action: ${name}`);
    if (!this.policies.allows(action.rule, by)) {
      throw new ForbiddenException(`Policy doesn't allow ${action.rule} to be performed.`);
    }
    await action.run({ by, serverId, args });
  }
}
