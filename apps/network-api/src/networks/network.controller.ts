import { Body, Controller, Delete, ForbiddenException, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { By, Rule } from '../auth/auth.guard.js';
import type { Requester } from '../auth/requester.js';
import { CloudDatabase } from '../database/cloud-database.js';
import { badRequestFor } from '../faults/bad-request-for.js';
import { checkedBody } from '../http/validation.js';
import { faultResponses, named } from '../open-api/responses.js';
import { PolicyBook } from '../policy/policy-book.js';
import { NetworkWorkers } from '../workers/network-workers.js';
import { AddNetworkBody } from './add-network.dto.js';
import { createNetworksArguments } from './create-arguments.js';
import { CreateNetworkBody } from './create-network.dto.js';
import { readNetworkAction } from './network-actions.js';
import { requireKnownHost } from '../services/known-host.js';
import { networkView, subnetUsageView, type NetworkView, type SubnetUsageView } from './network-view.js';
import { VisibleNetworks } from './visible-networks.js';

const uuidParameter = { name: 'uuid', schema: { type: 'string', format: 'uuid' } } as const;
const shown = { oneOf: [named('Network'), named('PublicNetwork')] };
const oneNetwork = { type: 'object', properties: { network: shown } } as const;
const severalNetworks = { type: 'array', items: shown } as const;

/** nova's os-networks and os-networks-associate. */
@ApiTags('networks')
@Controller('v2.1/os-networks')
@Rule('os_compute_api:os-networks')
export class NetworkController {
  constructor(
    private readonly database: CloudDatabase,
    private readonly networks: VisibleNetworks,
    private readonly workers: NetworkWorkers,
    private readonly policies: PolicyBook,
  ) {}

  @Get()
  @Rule('os_compute_api:os-networks:view')
  @ApiOperation({ summary: 'List the networks: all, or those that the project may use' })
  @ApiOkResponse({ schema: { type: 'object', properties: { networks: severalNetworks } } })
  async list(@By() by: Requester): Promise<{ networks: NetworkView[] }> {
    const seen = await this.networks.list(by);
    return { networks: seen.map((network) => networkView(network, by)) };
  }

  @Get(':uuid')
  @Rule('os_compute_api:os-networks:view')
  @ApiOperation({ summary: 'Show a network; administrators see more of it' })
  @ApiParam(uuidParameter)
  @ApiOkResponse({ schema: oneNetwork })
  @faultResponses(404)
  async show(@By() by: Requester, @Param('uuid') uuid: string): Promise<{ network: NetworkView }> {
    return { network: networkView(await this.networks.get(by, uuid), by) };
  }

  @Get(':uuid/usage')
  @Rule('novanet:networks')
  @ApiOperation({ summary: 'How the addresses of a network are used' })
  @ApiParam(uuidParameter)
  @ApiOkResponse({
    schema: {
      type: 'object',
      properties: { subnets: { type: 'array', items: named('SubnetUsage') } },
    },
  })
  @faultResponses(404)
  async usage(@By() by: Requester, @Param('uuid') uuid: string): Promise<{ subnets: SubnetUsageView[] }> {
    const usage = await this.database.fixedIps.usageOf(await this.networks.get(by, uuid));
    return { subnets: usage.map(subnetUsageView) };
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Create a network; or several, of which the first is the network of the answer' })
  @ApiBody({ type: CreateNetworkBody })
  @ApiOkResponse({
    schema: {
      type: 'object',
      properties: { network: shown, networks: severalNetworks },
      required: ['network'],
    },
  })
  @faultResponses(400, 409, 503)
  async create(
    @By() by: Requester,
    @Body(checkedBody('refused')) { network }: CreateNetworkBody,
  ): Promise<{ network: NetworkView; networks?: NetworkView[] }> {
    if (!by.isAdmin && (network.project_id ?? by.projectId) !== by.projectId) {
      throw new ForbiddenException('Only administrators give networks to other projects.');
    }
    const uuids = await this.workers.createNetworks(by, createNetworksArguments(network));
    // nova answers what it wrote, without the database's defaults; we answer what is stored.
    const made = await this.networks.getMade(uuids);
    const views = made.map((each) => networkView(each, by));
    return { network: networkView(made[0], by), ...(views.length > 1 && { networks: views }) };
  }

  @Delete(':uuid')
  @HttpCode(202)
  @ApiOperation({ summary: 'Delete a network that is nobody’s and in which no instance holds an address' })
  @ApiParam(uuidParameter)
  @ApiAcceptedResponse({ description: 'It is deleted.' })
  @faultResponses(404, 409, 503)
  async delete(@By() by: Requester, @Param('uuid') uuid: string): Promise<void> {
    const network = await this.networks.getOwn(by, uuid);
    await this.workers.deleteNetwork(by, network.uuid);
  }

  @Post('add')
  @HttpCode(202)
  @ApiOperation({ summary: 'Take a network for the own project (VlanManager)' })
  @ApiBody({ type: AddNetworkBody })
  @ApiAcceptedResponse({ description: 'It is the project’s.' })
  @faultResponses(400, 409, 501, 503)
  async add(@By() by: Requester, @Body(checkedBody('refused')) { id }: AddNetworkBody): Promise<void> {
    await this.workers
      .call(by, 'add_network_to_project', { project_id: by.projectId, network_uuid: id })
      .catch(badRequestFor('NoMoreNetworks', 'NetworkNotFoundForUUID'));
  }

  @Post(':uuid/action')
  @HttpCode(202)
  // Each action has a rule of its own.
  @Rule('os_compute_api:os-networks:view')
  @ApiOperation({ summary: 'disassociate, disassociate_host, disassociate_project, associate_host' })
  @ApiParam(uuidParameter)
  @ApiBody({
    schema: { type: 'object', minProperties: 1, maxProperties: 1, example: { disassociate: null } },
  })
  @ApiAcceptedResponse({ description: 'It is done.' })
  @faultResponses(400, 404, 503)
  async act(@By() by: Requester, @Param('uuid') uuid: string, @Body() body: unknown): Promise<void> {
    const { rule, changes } = readNetworkAction(body);
    this.policies.require(rule, by);
    const network = await this.networks.getOwn(by, uuid);
    await requireKnownHost(this.database, changes.host);
    await this.workers.modifyNetwork(by, network.uuid, changes);
  }
}
