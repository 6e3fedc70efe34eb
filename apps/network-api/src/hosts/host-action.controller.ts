import { BadRequestException, Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { By, Rule } from '../auth/auth.guard.js';
import type { Requester } from '../auth/requester.js';
import { CloudDatabase } from '../database/cloud-database.js';
import { onlyAction } from '../http/only-action.js';
import { readBody } from '../http/read-body.js';
import { IsHostNameText } from '../networks/nova-types.js';
import { faultResponses, named } from '../open-api/responses.js';
import { requireKnownHost } from '../services/known-host.js';
import { NetworkWorkers } from '../workers/network-workers.js';

/** Who takes over. */
class HostActionDto {
  @IsOptional()
  @IsHostNameText()
  readonly heir?: string | null;
}

const methods: ReadonlyMap<string, string> = new Map([
  ['remove', 'remove_host'],
  ['drain', 'drain_host'],
]);

/** What nova has no way to do: to take a host out of service. */
@ApiTags('services')
@Controller('v2.1/os-novanet-hosts')
@Rule('os_compute_api:os-novanet-hosts')
export class HostActionController {
  constructor(
    private readonly database: CloudDatabase,
    private readonly workers: NetworkWorkers,
  ) {}

  @Post(':host/action')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Give back what a host had that is gone for good (remove), or empty one that is alive (drain)',
  })
  @ApiParam({ name: 'host', schema: { type: 'string' } })
  @ApiBody({ schema: named('HostAction') })
  @ApiOkResponse({ schema: { type: 'object', properties: { host: named('EmptiedHost') } } })
  @faultResponses(400, 404, 503)
  async act(
    @By() by: Requester,
    @Param('host') host: string,
    @Body() body: unknown,
  ): Promise<{ host: unknown }> {
    const [action, args] = onlyAction(body);
    const method = methods.get(action);
    if (method === undefined) throw new BadRequestException(`There is no such action: ${action}`);
    const { heir = null } = readBody(HostActionDto, args ?? {});
    await requireKnownHost(this.database, heir);
    if (action === 'drain') await requireKnownHost(this.database, host);
    return { host: await this.workers.callOurs(by, method, { host, heir }) };
  }
}
