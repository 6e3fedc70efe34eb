import { Body, Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import {
  ApiBody,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { InstanceRegistrationDto } from '@novanet/contracts';
import { InstanceNotFound, InvalidUUID } from '@novanet/ipam';
import { isUUID } from 'class-validator';
import { By, Rule } from '../auth/auth.guard.js';
import type { Requester } from '../auth/requester.js';
import { CloudDatabase } from '../database/cloud-database.js';
import { checkedBody } from '../http/validation.js';
import { faultResponses, named } from '../open-api/responses.js';
import { NetworkWorkers } from '../workers/network-workers.js';
import { instanceView, type InstanceView } from './instance-view.js';

const uuidParameter = { name: 'uuid', schema: { type: 'string', format: 'uuid' } } as const;

/** What compute services tell of their instances, for the metadata service to serve. */
@ApiTags('instances')
@Controller('v1/instances/:uuid')
@Rule('novanet:instances')
export class InstanceController {
  constructor(
    private readonly database: CloudDatabase,
    private readonly workers: NetworkWorkers,
  ) {}

  @Put()
  @ApiOperation({ summary: 'Register an instance, or replace what is known of it' })
  @ApiParam(uuidParameter)
  @ApiBody({ schema: named('InstanceRegistration') })
  @ApiOkResponse({ schema: named('Instance') })
  @faultResponses(400, 503)
  async put(
    @By() by: Requester,
    @Param('uuid') uuidText: string,
    @Body(checkedBody('refused')) body: InstanceRegistrationDto,
  ): Promise<InstanceView> {
    const uuid = readUuid(uuidText);
    await this.workers.putInstance(by, uuid, body);
    return this.view(uuid);
  }

  @Get()
  @ApiOperation({ summary: 'Show an instance with its addresses' })
  @ApiParam(uuidParameter)
  @ApiOkResponse({ schema: named('Instance') })
  @faultResponses(400, 404)
  get(@Param('uuid') uuidText: string): Promise<InstanceView> {
    return this.view(readUuid(uuidText));
  }

  @Get('password')
  @ApiOperation({ summary: 'Show the password that an instance left for its owner' })
  @ApiParam(uuidParameter)
  @ApiOkResponse({ schema: named('InstancePassword') })
  @faultResponses(400, 404)
  async password(@Param('uuid') uuidText: string): Promise<{ readonly password: string }> {
    const uuid = readUuid(uuidText);
    if (!(await this.database.instances.find(uuid))) throw new InstanceNotFound(uuid);
    return { password: await this.database.instances.password(uuid) };
  }

  @Delete('password')
  @HttpCode(204)
  @ApiOperation({ summary: 'Clear the password that an instance left: it may leave another one' })
  @ApiParam(uuidParameter)
  @ApiNoContentResponse({ description: 'There is no password.' })
  @faultResponses(400, 404, 503)
  async clearPassword(@By() by: Requester, @Param('uuid') uuidText: string): Promise<void> {
    const uuid = readUuid(uuidText);
    if (!(await this.database.instances.find(uuid))) throw new InstanceNotFound(uuid);
    await this.workers.clearPassword(by, uuid);
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'Forget an instance that holds no address any more' })
  @ApiParam(uuidParameter)
  @ApiNoContentResponse({ description: 'It is forgotten.' })
  @faultResponses(400, 404, 409, 503)
  async delete(@By() by: Requester, @Param('uuid') uuidText: string): Promise<void> {
    const uuid = readUuid(uuidText);
    if (!(await this.database.instances.find(uuid))) throw new InstanceNotFound(uuid);
    await this.workers.deleteInstance(by, uuid);
  }

  private async view(uuid: string): Promise<InstanceView> {
    const [instance, nics] = await Promise.all([
      this.database.instances.find(uuid),
      this.database.fixedIps.nicsOf(uuid),
    ]);
    if (!instance) throw new InstanceNotFound(uuid);
    return instanceView(instance, nics);
  }
}

function readUuid(text: string): string {
  if (!isUUID(text)) throw new InvalidUUID(text);
  return text.toLowerCase();
}
