import { Body, Controller, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { By, Rule } from '../auth/auth.guard.js';
import type { Requester } from '../auth/requester.js';
import { CloudDatabase } from '../database/cloud-database.js';
import { checkedBody } from '../http/validation.js';
import { ModifyNetworkBody } from './modify-network.dto.js';
import { networkView, type NetworkView } from '../networks/network-view.js';
import { VisibleNetworks } from '../networks/visible-networks.js';
import { faultResponses, named } from '../open-api/responses.js';
import { requireKnownHost } from '../services/known-host.js';
import { NetworkWorkers } from '../workers/network-workers.js';
import { ConvertNetworkBody } from './network-conversion.dto.js';

const uuidParameter = { name: 'uuid', schema: { type: 'string', format: 'uuid' } } as const;
const oneNetwork = { type: 'object', properties: { network: named('Network') } } as const;

/** What can be done with networks that nova has no way for. */
@ApiTags('networks')
@Controller('v2.1/os-novanet-networks')
@Rule('os_compute_api:os-novanet-networks')
export class NovanetNetworkController {
  constructor(
    private readonly database: CloudDatabase,
    private readonly networks: VisibleNetworks,
    private readonly workers: NetworkWorkers,
  ) {}

  @Put(':uuid')
  @ApiOperation({ summary: 'Change a network, and the hosts that serve it: all that is said or nothing' })
  @ApiParam(uuidParameter)
  @ApiBody({ type: ModifyNetworkBody })
  @ApiOkResponse({ schema: oneNetwork })
  @faultResponses(400, 404, 409, 503)
  async modify(
    @By() by: Requester,
    @Param('uuid') uuid: string,
    @Body(checkedBody('refused')) { network: changes }: ModifyNetworkBody,
  ): Promise<{ network: NetworkView }> {
    const network = await this.networks.getOwn(by, uuid);
    await requireKnownHost(this.database, changes.host);
    await this.workers.modifyNetwork(by, network.uuid, changes);
    return this.show(by, network.uuid);
  }

  @Post(':uuid/action')
  @HttpCode(200)
  @ApiOperation({ summary: 'convert: each host serves its own instances, or one host all' })
  @ApiParam(uuidParameter)
  @ApiBody({ type: ConvertNetworkBody })
  @ApiOkResponse({ schema: oneNetwork })
  @faultResponses(400, 404, 503)
  async act(
    @By() by: Requester,
    @Param('uuid') uuid: string,
    @Body(checkedBody('refused')) { convert }: ConvertNetworkBody,
  ): Promise<{ network: NetworkView }> {
    const network = await this.networks.getOwn(by, uuid);
    const { multi_host, host } = convert;
    await requireKnownHost(this.database, host);
    await this.workers.callOurs(by, 'convert_network', {
      network_uuid: network.uuid,
      multi_host,
      host: host ?? null,
    });
    return this.show(by, network.uuid);
  }

  private async show(by: Requester, uuid: string): Promise<{ network: NetworkView }> {
    return { network: networkView(await this.networks.get(by, uuid), by) };
  }
}
