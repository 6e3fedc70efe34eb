import { Body, Controller, Delete, Get, HttpCode, NotFoundException, Param, Post } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { Network } from '@novanet/ipam';
import { By, Rule } from '../auth/auth.guard.js';
import type { Requester } from '../auth/requester.js';
import { CloudDatabase } from '../database/cloud-database.js';
import { checkedBody } from '../http/validation.js';
import { faultResponses, named } from '../open-api/responses.js';
import { NetworkWorkers } from '../workers/network-workers.js';
import { createNetworksArguments } from './create-arguments.js';
import { CreateNetworkBody } from './create-network.dto.js';
import { networkView, type NetworkView } from './network-view.js';

const uuidParameter = { name: 'uuid', schema: { type: 'string', format: 'uuid' } } as const;

/** nova's os-networks. */
@ApiTags('networks')
@Controller('v2.1/os-networks')
@Rule('os_compute_api:os-networks')
export class NetworkController {
  constructor(
    private readonly database: CloudDatabase,
    private readonly workers: NetworkWorkers,
  ) {}

  @Get()
  @Rule('os_compute_api:os-networks:view')
  @ApiOperation({ summary: 'List all networks' })
  @ApiOkResponse({
    schema: { type: 'object', properties: { networks: { type: 'array', items: named('Network') } } },
  })
  async list(): Promise<{ networks: NetworkView[] }> {
    const networks = await this.database.networks.list();
    return { networks: networks.map(networkView) };
  }

  @Get(':uuid')
  @Rule('os_compute_api:os-networks:view')
  @ApiOperation({ summary: 'Show a network' })
  @ApiParam(uuidParameter)
  @ApiOkResponse({ schema: { type: 'object', properties: { network: named('Network') } } })
  @faultResponses(404)
  async show(@Param('uuid') uuid: string): Promise<{ network: NetworkView }> {
    return { network: networkView(await this.get(uuid)) };
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Create a network' })
  @ApiBody({ type: CreateNetworkBody })
  @ApiOkResponse({ schema: { type: 'object', properties: { network: named('Network') } } })
  @faultResponses(400, 409, 503)
  async create(
    @By() by: Requester,
    @Body(checkedBody('ignored')) body: CreateNetworkBody,
  ): Promise<{ network: NetworkView }> {
    const uuid = await this.workers.createNetwork(by, createNetworksArguments(body.network));
    // nova answers what it wrote, without the database's defaults; we answer what is stored.
    return { network: networkView(await this.get(uuid)) };
  }

  @Delete(':uuid')
  @HttpCode(202)
  @ApiOperation({ summary: 'Delete a network in which no instance holds an address' })
  @ApiParam(uuidParameter)
  @ApiAcceptedResponse({ description: 'It is deleted.' })
  @faultResponses(404, 409, 503)
  async delete(@By() by: Requester, @Param('uuid') uuid: string): Promise<void> {
    const network = await this.get(uuid);
    await this.workers.deleteNetwork(by, network.uuid);
  }

  private async get(uuid: string): Promise<Network> {
    const network = await this.database.networks.findByUuid(uuid.toLowerCase());
    if (!network) throw new NotFoundException('Network not found');
    return network;
  }
}
