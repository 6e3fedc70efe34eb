import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Rule } from '../auth/auth.guard.js';
import { CloudDatabase } from '../database/cloud-database.js';
import { queryText, type Query as Queries } from '../http/query.js';
import { faultResponses, named } from '../open-api/responses.js';
import { INTERNAL_ZONE } from '../services/compute-service-view.js';

/** A service of a host as os-hosts shows it. */
interface HostView {
  readonly host_name: string;
  readonly service: string;
  readonly zone: string;
}

/** nova's os-hosts: which hosts run what. */
@ApiTags('services')
@Controller('v2.1/os-hosts')
@Rule('os_compute_api:os-hosts')
export class HostController {
  constructor(private readonly database: CloudDatabase) {}

  @Get()
  @ApiOperation({ summary: 'List the hosts with what runs on them' })
  @ApiQuery({ name: 'zone', required: false })
  @ApiOkResponse({
    schema: { type: 'object', properties: { hosts: { type: 'array', items: named('Host') } } },
  })
  @faultResponses(403)
  async list(@Query() query: Queries): Promise<{ hosts: HostView[] }> {
    const zone = queryText(query, 'zone');
    if (zone && zone !== INTERNAL_ZONE) return { hosts: [] };
    const services = await this.database.services.list();
    return {
      hosts: services.map(({ host, topic }) => ({ host_name: host, service: topic, zone: INTERNAL_ZONE })),
    };
  }
}
