import { Body, Controller, Get, HttpCode, NotFoundException, Param, Post, Put } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { parseFloatingRange } from '@novanet/ipam';
import { tryParseHostName } from '@novanet/net-address';
import { By, Rule } from '../auth/auth.guard.js';
import type { Requester } from '../auth/requester.js';
import { CloudDatabase } from '../database/cloud-database.js';
import { checkedBody } from '../http/validation.js';
import { isYes } from '../networks/nova-types.js';
import { faultResponses, named } from '../open-api/responses.js';
import { NetworkWorkers } from '../workers/network-workers.js';
import { floatingIpInfo, type FloatingIpInfo } from './floating-ip-view.js';
import { FloatingIpsBulkCreateBody, FloatingIpsBulkDeleteBody } from './floating-ips-bulk.dto.js';

const infos = {
  schema: {
    type: 'object',
    properties: { floating_ip_info: { type: 'array', items: named('FloatingIpInfo') } },
  },
} as const;

/** What was added to a pool. The count is ours. */
interface BulkCreated {
  readonly ip_range: string;
  readonly pool: string;
  readonly interface: string | null;
  readonly count: number;
}

/** nova's os-floating-ips-bulk: which floating IPs there are. */
@ApiTags('floating IPs')
@Controller('v2.1/os-floating-ips-bulk')
@Rule('os_compute_api:os-floating-ips-bulk')
export class FloatingIpsBulkController {
  constructor(
    private readonly database: CloudDatabase,
    private readonly workers: NetworkWorkers,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List all floating IPs of the cloud' })
  @ApiOkResponse(infos)
  async list(): Promise<{ floating_ip_info: FloatingIpInfo[] }> {
    const all = await this.database.floatingIps.list();
    return { floating_ip_info: all.map(floatingIpInfo) };
  }

  @Get(':host')
  @ApiOperation({ summary: 'List the floating IPs that a host carries' })
  @ApiParam({ name: 'host', schema: { type: 'string' } })
  @ApiOkResponse(infos)
  @faultResponses(404)
  async ofHost(@Param('host') text: string): Promise<{ floating_ip_info: FloatingIpInfo[] }> {
    const host = tryParseHostName(text);
    const carried = host ? await this.database.floatingIps.list({ host }) : [];
    if (carried.length === 0) throw new NotFoundException(`Floating IP not found for host ${text}.`);
    return { floating_ip_info: carried.map(floatingIpInfo) };
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Add addresses to a pool, all or none; a missing pool is made' })
  @ApiBody({ type: FloatingIpsBulkCreateBody })
  @ApiOkResponse({
    schema: { type: 'object', properties: { floating_ips_bulk_create: named('FloatingIpsBulkCreated') } },
  })
  @faultResponses(400, 409, 501, 503)
  async create(
    @By() by: Requester,
    @Body(checkedBody('refused')) { floating_ips_bulk_create: wanted }: FloatingIpsBulkCreateBody,
  ): Promise<{ floating_ips_bulk_create: BulkCreated }> {
    const { ip_range: range, pool = null, interface: device = null } = wanted;
    const addresses = parseFloatingRange(range);
    await this.workers.callOurs(by, 'grow_floating_pool', { range, pool, interface: device });
    const made = addresses[0] && (await this.database.floatingIps.find(addresses[0]));
    const stored = { pool: made?.pool ?? pool ?? '', interface: made?.interface ?? device };
    return { floating_ips_bulk_create: { ip_range: range, ...stored, count: addresses.length } };
  }

  /** nova's form of a deletion, so that it has a body. */
  @Put(':action')
  @ApiOperation({ summary: 'Take addresses out of their pools, all or none' })
  @ApiParam({ name: 'action', schema: { type: 'string', enum: ['delete'] } })
  @ApiBody({ type: FloatingIpsBulkDeleteBody })
  @ApiOkResponse({
    schema: {
      type: 'object',
      properties: { floating_ips_bulk_delete: { type: 'string' }, count: { type: 'integer' } },
    },
  })
  @faultResponses(400, 404, 409, 501, 503)
  async delete(
    @By() by: Requester,
    @Param('action') action: string,
    @Body(checkedBody('refused')) { ip_range: range, force }: FloatingIpsBulkDeleteBody,
  ): Promise<{ floating_ips_bulk_delete: string; count: number }> {
    if (action !== 'delete') throw new NotFoundException('Unknown action');
    const { length: count } = parseFloatingRange(range);
    await this.workers.callOurs(by, 'shrink_floating_pool', { range, force: isYes(force) });
    return { floating_ips_bulk_delete: range, count };
  }
}
