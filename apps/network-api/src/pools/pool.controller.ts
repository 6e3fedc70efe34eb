import { BadRequestException, Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { FloatingIpPoolNotFound, type FloatingIpPool } from '@novanet/ipam';
import { By, Rule } from '../auth/auth.guard.js';
import type { Requester } from '../auth/requester.js';
import { CloudDatabase } from '../database/cloud-database.js';
import { onlyAction } from '../http/only-action.js';
import { readBody } from '../http/read-body.js';
import { checkedBody } from '../http/validation.js';
import { isYes } from '../networks/nova-types.js';
import { faultResponses, named } from '../open-api/responses.js';
import { NetworkWorkers } from '../workers/network-workers.js';
import { CreatePoolBody, GrowPoolDto, ShrinkPoolDto } from './pool.dto.js';

const nameParameter = { name: 'name', schema: { type: 'string' } } as const;
const onePool = { type: 'object', properties: { pool: named('Pool') } } as const;

/** Pools of floating IPs, which in nova are a word in each address's row: here they may be empty. */
@ApiTags('floating IPs')
@Controller('v2.1/os-novanet-pools')
@Rule('os_compute_api:os-novanet-pools')
export class PoolController {
  constructor(
    private readonly database: CloudDatabase,
    private readonly workers: NetworkWorkers,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List the pools, and how many addresses each has' })
  @ApiOkResponse({
    schema: { type: 'object', properties: { pools: { type: 'array', items: named('Pool') } } },
  })
  async list(): Promise<{ pools: FloatingIpPool[] }> {
    return { pools: await this.database.floatingIpPools.list() };
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Make an empty pool' })
  @ApiBody({ type: CreatePoolBody })
  @ApiOkResponse({ schema: onePool })
  @faultResponses(400, 409, 503)
  async create(
    @By() by: Requester,
    @Body(checkedBody('refused')) { pool: { name } }: CreatePoolBody,
  ): Promise<{ pool: FloatingIpPool }> {
    await this.workers.callOurs(by, 'create_floating_pool', { name });
    return { pool: await this.get(name) };
  }

  @Delete(':name')
  @HttpCode(202)
  @ApiOperation({ summary: 'Delete a pool that has no addresses any more' })
  @ApiParam(nameParameter)
  @ApiAcceptedResponse({ description: 'It is deleted.' })
  @faultResponses(404, 409, 503)
  async delete(@By() by: Requester, @Param('name') name: string): Promise<void> {
    await this.workers.callOurs(by, 'delete_floating_pool', { name });
  }

  @Post(':name/action')
  @HttpCode(200)
  @ApiOperation({ summary: 'Add addresses to a pool (grow), or take them out of it (shrink), all or none' })
  @ApiParam(nameParameter)
  @ApiBody({ schema: named('PoolAction') })
  @ApiOkResponse({ schema: onePool })
  @faultResponses(400, 404, 409, 503)
  async act(
    @By() by: Requester,
    @Param('name') name: string,
    @Body() body: unknown,
  ): Promise<{ pool: FloatingIpPool }> {
    const [method, args] = readAction(body);
    const { name: pool } = await this.get(name);
    await this.workers.callOurs(by, method, { ...args, pool });
    return { pool: await this.get(name) };
  }

  private async get(name: string): Promise<FloatingIpPool> {
    const pools = await this.database.floatingIpPools.list();
    const found = pools.find((pool) => pool.name === name);
    if (!found) throw new FloatingIpPoolNotFound();
    return found;
  }
}

/** The worker's method and its arguments. */
function readAction(body: unknown): [method: string, args: object] {
  const [action, value] = onlyAction(body);
  if (action === 'grow') {
    const { range, interface: device = null } = readBody(GrowPoolDto, value);
    return ['grow_floating_pool', { range, interface: device }];
  }
  if (action === 'shrink') {
    const { range, force } = readBody(ShrinkPoolDto, value);
    return ['shrink_floating_pool', { range, force: isYes(force) }];
  }
  throw new BadRequestException(`There is no such action: ${action}`);
}
