import {
  BadRequestException,
  Body,
  Controller,
  Delete,
  ForbiddenException,
  Get,
  HttpCode,
  NotFoundException,
  NotImplementedException,
  Param,
  Post,
  Query,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { FloatingIp } from '@novanet/ipam';
import { RemoteError } from '@novanet/messaging';
import { Ipv4 } from '@novanet/net-address';
import { By, Rule } from '../auth/auth.guard.js';
import type { Requester } from '../auth/requester.js';
import { CloudDatabase } from '../database/cloud-database.js';
import { NOT_SUPPORTED, reworded } from '../faults/reworded.js';
import { checkedBody } from '../http/validation.js';
import { faultResponses, named } from '../open-api/responses.js';
import { NetworkWorkers } from '../workers/network-workers.js';
import { CreateFloatingIpBody } from './create-floating-ip.dto.js';
import { FloatingIpQuery } from './floating-ip-query.dto.js';
import { pageOf, searchOf } from './floating-ip-search.js';
import { floatingIpView, type FloatingIpView } from './floating-ip-view.js';

const idParameter = {
  name: 'id',
  schema: { type: 'string' },
  description: 'Its number or address.',
} as const;
const one = { schema: { type: 'object', properties: { floating_ip: named('FloatingIp') } } } as const;

/** nova's os-floating-ips: what a project holds. nova takes numbers only where we take addresses as well. */
@ApiTags('floating IPs')
@Controller('v2.1/os-floating-ips')
@Rule('os_compute_api:os-floating-ips')
export class FloatingIpController {
  constructor(
    private readonly database: CloudDatabase,
    private readonly workers: NetworkWorkers,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List floating IPs, by address, without those that came with an instance' })
  @ApiOkResponse({
    schema: { type: 'object', properties: { floating_ips: { type: 'array', items: named('FloatingIp') } } },
  })
  @faultResponses(400, 403)
  async list(
    @By() by: Requester,
    @Query(checkedBody('ignored')) query: FloatingIpQuery,
  ): Promise<{ floating_ips: FloatingIpView[] }> {
    const found = await this.database.floatingIps.list(searchOf(query, by));
    return { floating_ips: pageOf(found, query).map(floatingIpView) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'Show a floating IP' })
  @ApiParam(idParameter)
  @ApiOkResponse(one)
  @faultResponses(400, 404)
  async show(@By() by: Requester, @Param('id') id: string): Promise<{ floating_ip: FloatingIpView }> {
    return { floating_ip: floatingIpView(await this.get(by, id)) };
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Take a floating IP from a pool' })
  @ApiBody({ type: CreateFloatingIpBody, required: false })
  @ApiOkResponse(one)
  @faultResponses(403, 404, 501, 503)
  async create(
    @By() by: Requester,
    @Body(checkedBody('ignored')) { pool }: CreateFloatingIpBody,
  ): Promise<{ floating_ip: FloatingIpView }> {
    const args = { project_id: by.projectId, auto_assigned: false, pool: pool ?? null };
    const given = await reworded(this.workers.call(by, 'allocate_floating_ip', args), refusals(pool));
    if (typeof given !== 'string') throw new NotImplementedException(NOT_SUPPORTED);
    return { floating_ip: floatingIpView(await this.get(by, given)) };
  }

  @Delete(':id')
  @HttpCode(202)
  @ApiOperation({ summary: 'Give a floating IP back to its pool; whatever it stands for loses it' })
  @ApiParam(idParameter)
  @ApiAcceptedResponse({ description: 'It is free.' })
  @faultResponses(400, 403, 404, 409, 503)
  async delete(@By() by: Requester, @Param('id') id: string): Promise<void> {
    const { address, association, isAutoAssigned } = await this.get(by, id);
    // nova answers that it is done, and does nothing.
    if (isAutoAssigned) throw new ForbiddenException('Cannot disassociate auto assigned floating IP');
    const args = { address: address.toString(), affect_auto_assigned: false };
    if (association) await this.disassociate(by, args);
    await this.workers.call(by, 'deallocate_floating_ip', args);
  }

  /** One that stands for nothing meanwhile is what is wanted. */
  private async disassociate(by: Requester, args: Readonly<Record<string, unknown>>): Promise<void> {
    try {
      await this.workers.call(by, 'disassociate_floating_ip', args);
    } catch (error) {
      const isDone = error instanceof RemoteError && error.className === 'FloatingIpNotAssociated';
      if (!isDone) throw error;
    }
  }

  private async get(by: Requester, id: string): Promise<FloatingIp> {
    const found = await this.find(id);
    if (found && (by.isAdmin || (found.projectId !== null && found.projectId === by.projectId))) return found;
    throw new NotFoundException(`Floating IP not found for ID ${id}`);
  }

  private async find(id: string): Promise<FloatingIp | undefined> {
    const address = Ipv4.tryParse(id);
    if (address) return this.database.floatingIps.find(address);
    if (!/^\d+$/.test(id)) throw new BadRequestException(`Invalid ID received ${id}.`);
    return Number.isSafeInteger(Number(id)) ? this.database.floatingIps.findById(Number(id)) : undefined;
  }
}

function refusals(pool: string | null | undefined): Parameters<typeof reworded>[1] {
  const where = pool ? ` in pool ${pool}.` : undefined;
  return {
    NoMoreFloatingIps: () => new NotFoundException(`No more floating IPs${where ?? ' available.'}`),
    FloatingIpLimitExceeded: () => new ForbiddenException(`IP allocation over quota${where ?? '.'}`),
  };
}
