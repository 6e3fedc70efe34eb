import { BadRequestException, Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { Ipv4Cidr, Ipv6Cidr } from '@novanet/net-address';
import { By, Rule } from '../auth/auth.guard.js';
import type { Requester } from '../auth/requester.js';
import { badRequestFor } from '../faults/bad-request-for.js';
import { checkedBody } from '../http/validation.js';
import { createNetworksArguments } from '../networks/create-arguments.js';
import { VisibleNetworks } from '../networks/visible-networks.js';
import { faultResponses, named } from '../open-api/responses.js';
import { NetworkWorkers } from '../workers/network-workers.js';
import { CreateTenantNetworkBody, type CreateTenantNetworkDto } from './create-tenant-network.dto.js';
import { tenantNetworkView, type TenantNetworkView } from './tenant-network-view.js';

const uuidParameter = { name: 'uuid', schema: { type: 'string', format: 'uuid' } } as const;
const severalNetworks = { type: 'array', items: named('TenantNetwork') } as const;

/** Network, gateway, broadcast, and somebody to use them. */
const SMALLEST_V4 = 4n;

/** nova's os-tenant-networks: networks that projects make for themselves. */
@ApiTags('networks')
@Controller('v2.1/os-tenant-networks')
@Rule('os_compute_api:os-tenant-networks:write')
export class TenantNetworkController {
  constructor(
    private readonly networks: VisibleNetworks,
    private readonly workers: NetworkWorkers,
  ) {}

  @Get()
  @Rule('os_compute_api:os-tenant-networks')
  @ApiOperation({ summary: 'List the networks that the project may use' })
  @ApiOkResponse({ schema: { type: 'object', properties: { networks: severalNetworks } } })
  async list(@By() by: Requester): Promise<{ networks: TenantNetworkView[] }> {
    return { networks: (await this.networks.list(by)).map(tenantNetworkView) };
  }

  @Get(':uuid')
  @Rule('os_compute_api:os-tenant-networks')
  @ApiOperation({ summary: 'Show one of them' })
  @ApiParam(uuidParameter)
  @ApiOkResponse({ schema: { type: 'object', properties: { network: named('TenantNetwork') } } })
  @faultResponses(404)
  async show(@By() by: Requester, @Param('uuid') uuid: string): Promise<{ network: TenantNetworkView }> {
    return { network: tenantNetworkView(await this.networks.get(by, uuid)) };
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Create a network for the own project; or several' })
  @ApiBody({ type: CreateTenantNetworkBody })
  @ApiOkResponse({
    schema: {
      type: 'object',
      properties: { network: named('TenantNetwork'), networks: severalNetworks },
      required: ['network'],
    },
  })
  @faultResponses(400, 409, 503)
  async create(
    @By() by: Requester,
    @Body(checkedBody('refused')) { network }: CreateTenantNetworkBody,
  ): Promise<{ network: TenantNetworkView; networks?: TenantNetworkView[] }> {
    const uuids = await this.workers
      .createTenantNetworks(by, createNetworksArguments(byFamily(network)))
      .catch(badRequestFor('NetworkLimitExceeded'));
    const made = await this.networks.getMade(uuids);
    const views = made.map(tenantNetworkView);
    return { network: tenantNetworkView(made[0]), ...(views.length > 1 && { networks: views }) };
  }

  @Delete(':uuid')
  @HttpCode(202)
  @ApiOperation({ summary: 'Delete a network of the own project in which no instance holds an address' })
  @ApiParam(uuidParameter)
  @ApiAcceptedResponse({ description: 'It is deleted.' })
  @faultResponses(404, 409, 503)
  async delete(@By() by: Requester, @Param('uuid') uuid: string): Promise<void> {
    const network = await this.networks.getOwn(by, uuid);
    await this.workers.deleteNetwork(by, network.uuid, false);
  }
}

/** Throws BadRequestException for what is too small to be of use. */
function byFamily(network: CreateTenantNetworkDto): CreateTenantNetworkDto {
  const { cidr, ...rest } = network;
  if (cidr && Ipv6Cidr.tryParse(cidr)) return { ...rest, cidr_v6: rest.cidr_v6 ?? cidr };
  const size = cidr && Ipv4Cidr.tryParse(cidr)?.size;
  if (size && size < SMALLEST_V4) {
    throw new BadRequestException('Requested network does not contain enough (2+) usable hosts');
  }
  return network;
}
