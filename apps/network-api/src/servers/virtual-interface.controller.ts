import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { By, Rule } from '../auth/auth.guard.js';
import type { Requester } from '../auth/requester.js';
import { CloudDatabase } from '../database/cloud-database.js';
import { limited, type Query as Queries } from '../http/query.js';
import { factsOf } from '../http/request-facts.js';
import { faultResponses, named } from '../open-api/responses.js';
import { serverParameter } from './server-parameter.js';
import { virtualInterfaceView, type VirtualInterfaceView } from './virtual-interface-view.js';
import { visibleInstance } from './visible-instance.js';

/** nova's os-virtual-interfaces: the NICs of a server. */
@ApiTags('servers')
@Controller('v2.1/servers/:sid/os-virtual-interfaces')
@Rule('os_compute_api:os-virtual-interfaces')
export class VirtualInterfaceController {
  constructor(private readonly database: CloudDatabase) {}

  @Get()
  @ApiOperation({ summary: 'List the NICs of a server, oldest first' })
  @ApiParam(serverParameter)
  @ApiQuery({ name: 'limit', required: false })
  @ApiQuery({ name: 'offset', required: false })
  @ApiOkResponse({
    schema: {
      type: 'object',
      properties: { virtual_interfaces: { type: 'array', items: named('VirtualInterface') } },
    },
  })
  @faultResponses(400, 404)
  async list(
    @By() by: Requester,
    @Param('sid') sid: string,
    @Query() query: Queries,
    @Req() request: Request,
  ): Promise<{ virtual_interfaces: VirtualInterfaceView[] }> {
    const { uuid } = await visibleInstance(this.database, by, sid);
    const nics = limited(await this.database.fixedIps.nicsOf(uuid), query);
    const facts = factsOf(request);
    return { virtual_interfaces: nics.map((nic) => virtualInterfaceView(nic, facts)) };
  }
}
