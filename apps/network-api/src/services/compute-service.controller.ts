import {
  BadRequestException,
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  NotFoundException,
  Param,
  Put,
  Query,
  Req,
} from '@nestjs/common';
import {
  ApiBody,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import { HostBinaryNotFound, type Service } from '@novanet/ipam';
import type { Request } from 'express';
import { By, Rule } from '../auth/auth.guard.js';
import type { Requester } from '../auth/requester.js';
import { CloudDatabase } from '../database/cloud-database.js';
import { queryText, type Query as Queries } from '../http/query.js';
import { readBody } from '../http/read-body.js';
import { factsOf } from '../http/request-facts.js';
import { isYes } from '../networks/nova-types.js';
import { faultResponses, named } from '../open-api/responses.js';
import { NetworkWorkers } from '../workers/network-workers.js';
import { computeServiceView, type ComputeServiceView } from './compute-service-view.js';
import { ComputeServiceBody, ForceDownBody } from './compute-service.dto.js';
import { novaBinary } from './nova-binary.js';
import { SERVICE_DOWN_TIME } from './service.controller.js';

type ServiceFacts = Partial<ComputeServiceView> & Pick<ComputeServiceView, 'host' | 'binary'>;

/** nova's os-services. */
@ApiTags('services')
@Controller('v2.1/os-services')
@Rule('os_compute_api:os-services')
export class ComputeServiceController {
  constructor(
    private readonly database: CloudDatabase,
    private readonly workers: NetworkWorkers,
    @Inject(SERVICE_DOWN_TIME) private readonly downTimeSeconds: number,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List the services, by host and binary' })
  @ApiQuery({ name: 'host', required: false })
  @ApiQuery({ name: 'binary', required: false })
  @ApiOkResponse({
    schema: { type: 'object', properties: { services: { type: 'array', items: named('ComputeService') } } },
  })
  async list(@Query() query: Queries, @Req() request: Request): Promise<{ services: ComputeServiceView[] }> {
    const [host, binary] = [queryText(query, 'host'), queryText(query, 'binary')];
    const services = await this.database.services.list();
    const wanted = services.filter(
      (service) => (!host || service.host === host) && (!binary || novaBinary(service.binary) === binary),
    );
    const options = { downTimeSeconds: this.downTimeSeconds, minor: factsOf(request).minor };
    const now = new Date();
    return { services: wanted.map((service) => computeServiceView(service, now, options)) };
  }

  @Put(':action')
  @ApiOperation({
    summary:
      'Disable a service, which is given no network then, or enable it; force it down, or no longer (2.11)',
  })
  @ApiParam({
    name: 'action',
    schema: { type: 'string', enum: ['enable', 'disable', 'disable-log-reason', 'force-down'] },
  })
  @ApiBody({ type: ForceDownBody })
  @ApiOkResponse({ schema: { type: 'object', properties: { service: named('ServiceChange') } } })
  @faultResponses(400, 403, 404, 503)
  async act(
    @By() by: Requester,
    @Param('action') action: string,
    @Body() body: unknown,
    @Req() request: Request,
  ): Promise<{ service: ServiceFacts }> {
    if (action === 'force-down' && factsOf(request).minor >= 11) return this.forceDown(by, body);
    if (!['enable', 'disable', 'disable-log-reason'].includes(action)) {
      throw new NotFoundException('Unknown action');
    }
    const wanted = readBody(ComputeServiceBody, body);
    if (action === 'enable') return this.setStatus(by, wanted, { disabled: false });
    if (action === 'disable') return this.setStatus(by, wanted, { disabled: true });
    const { disabled_reason: reason } = wanted;
    if (!reason) throw new BadRequestException('Missing disabled reason field');
    return this.setStatus(by, wanted, { disabled: true, reason });
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Forget a service until it reports again' })
  @ApiParam({ name: 'id', schema: { type: 'integer' } })
  @ApiNoContentResponse({ description: 'It is forgotten.' })
  @faultResponses(403, 404, 503)
  async delete(@By() by: Requester, @Param('id') id: string): Promise<void> {
    const services = await this.database.services.list();
    const found = services.find((service) => String(service.id) === id);
    if (!found) throw new NotFoundException(`Service ${id} not found.`);
    const { host, binary } = found;
    await this.workers.callOurs(by, 'remove_service', { host, binary });
  }

  private async forceDown(by: Requester, body: unknown): Promise<{ service: ServiceFacts }> {
    const wanted = readBody(ForceDownBody, body);
    const { host, binary } = await this.get(wanted);
    const isForced = isYes(wanted.forced_down);
    await this.workers.callOurs(by, 'force_service_down', { host, binary, forced_down: isForced });
    return { service: { host, binary: novaBinary(binary), forced_down: isForced } };
  }

  private async setStatus(
    by: Requester,
    wanted: ComputeServiceBody,
    status: { readonly disabled: boolean; readonly reason?: string },
  ): Promise<{ service: ServiceFacts }> {
    const { host, binary } = await this.get(wanted);
    await this.workers.callOurs(by, 'set_service_status', { host, binary, ...status });
    return {
      service: {
        host,
        binary: novaBinary(binary),
        status: status.disabled ? 'disabled' : 'enabled',
        ...(status.reason !== undefined && { disabled_reason: status.reason }),
      },
    };
  }

  private async get({ host, binary }: ComputeServiceBody): Promise<Service> {
    const services = await this.database.services.list();
    const found = services.find((service) => service.host === host && novaBinary(service.binary) === binary);
    if (!found) throw new HostBinaryNotFound(host, binary);
    return found;
  }
}
