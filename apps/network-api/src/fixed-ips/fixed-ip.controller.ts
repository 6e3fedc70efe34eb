import {
  BadRequestException,
  Body,
  Controller,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  Post,
  Req,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { isRecord } from '@novanet/contracts';
import { tryParseIp, type IpAddress } from '@novanet/net-address';
import type { Request } from 'express';
import { By, Rule } from '../auth/auth.guard.js';
import type { Requester } from '../auth/requester.js';
import { CloudDatabase } from '../database/cloud-database.js';
import { reworded } from '../faults/reworded.js';
import { onlyAction } from '../http/only-action.js';
import { factsOf } from '../http/request-facts.js';
import { faultResponses, named } from '../open-api/responses.js';
import { NetworkWorkers } from '../workers/network-workers.js';
import { fixedIpView, type FixedIpView, type KnownAddress } from './fixed-ip-view.js';

const addressParameter = { name: 'address', schema: { type: 'string', format: 'ipv4' } } as const;
const methods: ReadonlyMap<string, string> = new Map([
  ['reserve', 'reserve_fixed_ip'],
  ['unreserve', 'unreserve_fixed_ip'],
]);

/** nova's os-fixed-ips. */
@ApiTags('fixed IPs')
@Controller('v2.1/os-fixed-ips')
@Rule('os_compute_api:os-fixed-ips')
export class FixedIpController {
  constructor(
    private readonly database: CloudDatabase,
    private readonly workers: NetworkWorkers,
  ) {}

  @Get(':address')
  @ApiOperation({ summary: 'Show an address of a network, and which instance has it' })
  @ApiParam(addressParameter)
  @ApiOkResponse({ schema: { type: 'object', properties: { fixed_ip: named('FixedIp') } } })
  @faultResponses(400, 404)
  async show(@Req() request: Request, @Param('address') text: string): Promise<{ fixed_ip: FixedIpView }> {
    const address = tryParseIp(text);
    if (!address) throw new BadRequestException(`Fixed IP address ${text} is invalid.`);
    const known = await this.find(address);
    if (!known) throw new NotFoundException(`Fixed IP not found for address ${text}.`);
    return { fixed_ip: fixedIpView(known, factsOf(request).minor) };
  }

  @Post(':address/action')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Keep an address from being given to instances (reserve), or no longer (unreserve)',
  })
  @ApiParam(addressParameter)
  @ApiBody({ schema: named('FixedIpAction') })
  @ApiAcceptedResponse({ description: 'It is done.' })
  @faultResponses(400, 404, 409, 503)
  async act(@By() by: Requester, @Param('address') address: string, @Body() body: unknown): Promise<void> {
    const method = methodIn(body);
    if (!tryParseIp(address)) throw new BadRequestException(`Fixed IP ${address} not valid`);
    await reworded(this.workers.callOurs(by, method, { address }), {
      FixedIpNotFoundForAddress: () => new NotFoundException(`Fixed IP ${address} not found`),
    });
  }

  private async find(address: IpAddress): Promise<KnownAddress | undefined> {
    const fixedIp = await this.database.fixedIps.findByAddress(address);
    const network = fixedIp
      ? await this.database.networks.findById(fixedIp.networkId)
      : await this.networkAround(address);
    if (!network) return undefined;
    const uuid = fixedIp?.instanceUuid;
    const instance = uuid ? await this.database.instances.find(uuid) : undefined;
    return { address, network, fixedIp, instance };
  }

  private async networkAround(address: IpAddress) {
    const networks = await this.database.networks.list();
    return networks.find(({ subnets }) => subnets.some(({ cidr }) => cidr.contains(address)));
  }
}

function methodIn(body: unknown): string {
  const [action, value] = onlyAction(body);
  const method = methods.get(action);
  if (method === undefined) throw new BadRequestException(`There is no such action: ${action}`);
  const isEmpty = isRecord(value) && Object.keys(value).length === 0;
  if (value === null || value === 'None' || isEmpty) return method;
  throw new BadRequestException(
    `Invalid input for field/attribute ${action}. Value: ${JSON.stringify(value).slice(0, 200)}. It is to be null`,
  );
}
