import { BadRequestException, Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FixedIpFilter } from '@novanet/ipam';
import { Ipv4Cidr, Ipv6Cidr, tryParseIp } from '@novanet/net-address';
import type { Request } from 'express';
import { Rule } from '../auth/auth.guard.js';
import { CloudDatabase } from '../database/cloud-database.js';
import { nextLink, type NextLink } from '../http/next-link.js';
import { MOST_LISTED, queryNumber, queryText, type Query as Queries } from '../http/query.js';
import { faultResponses, named } from '../open-api/responses.js';
import { listedFixedIpView, type ListedFixedIpView } from './fixed-ip-view.js';

const STATES = ['allocated', 'reserved', 'leased'] as const;

/** All fixed IPs that are in use: `nova-manage fixed list`. */
@ApiTags('fixed IPs')
@Controller('v2.1/os-novanet-fixed-ips')
@Rule('os_compute_api:os-novanet-fixed-ips')
export class FixedIpListController {
  constructor(private readonly database: CloudDatabase) {}

  @Get()
  @ApiOperation({ summary: 'List the addresses that are in use, by network and address' })
  @ApiQuery({ name: 'network', required: false, description: 'Its uuid, its label or a block of it.' })
  @ApiQuery({ name: 'host', required: false, description: 'The host of the instance.' })
  @ApiQuery({ name: 'instance', required: false, description: 'Its uuid.' })
  @ApiQuery({ name: 'state', required: false, enum: STATES })
  @ApiQuery({ name: 'limit', required: false })
  @ApiQuery({ name: 'marker', required: false, description: 'The last address of the page before.' })
  @ApiOkResponse({
    schema: {
      type: 'object',
      properties: {
        fixed_ips: { type: 'array', items: named('ListedFixedIp') },
        fixed_ips_links: {
          type: 'array',
          items: named('Link'),
          description: 'The next page, if there is one.',
        },
      },
      required: ['fixed_ips'],
    },
  })
  @faultResponses(400)
  async list(
    @Query() query: Queries,
    @Req() request: Request,
  ): Promise<{ fixed_ips: ListedFixedIpView[]; fixed_ips_links?: [NextLink] }> {
    // nova: 0 is no limit
    const limit = Math.min(queryNumber(query, 'limit') || MOST_LISTED, MOST_LISTED);
    const after = await this.marked(queryText(query, 'marker'));
    const filter = { ...filterIn(query), ...(after && { after }) };
    const found = await this.database.fixedIps.list({ ...filter, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return {
      fixed_ips: page.map(listedFixedIpView),
      ...(last && { fixed_ips_links: [nextLink(request, last.address)] }),
    };
  }

  /** The address may be free by now. */
  private async marked(marker: string | undefined): Promise<FixedIpFilter['after']> {
    if (marker === undefined) return undefined;
    const address = tryParseIp(marker);
    const networks = address ? await this.database.networks.list() : [];
    const subnets = networks.flatMap((network) => network.subnets);
    const subnet = address && subnets.find(({ cidr }) => cidr.contains(address));
    if (!subnet) throw new BadRequestException(`marker [${marker}] not found`);
    return { subnetId: subnet.id, address };
  }
}

function filterIn(query: Queries): Omit<FixedIpFilter, 'after' | 'limit'> {
  const network = queryText(query, 'network');
  const [host, instance] = [queryText(query, 'host'), queryText(query, 'instance')];
  const state = queryText(query, 'state');
  const known = STATES.find((each) => each === state);
  if (state !== undefined && !known) {
    throw new BadRequestException(`state ${state} is none of ${STATES.join(', ')}`);
  }
  return {
    ...(network !== undefined && { network: asStored(network) }),
    ...(host !== undefined && { host }),
    ...(instance !== undefined && { instanceUuid: instance.toLowerCase() }),
    ...(known && { state: known }),
  };
}

/** A block as it is written in the database; whatever else it is stays. */
function asStored(network: string): string {
  return String(Ipv4Cidr.tryParse(network) ?? Ipv6Cidr.tryParse(network) ?? network);
}
