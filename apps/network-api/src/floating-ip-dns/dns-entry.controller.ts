import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  Put,
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
import { RemoteError } from '@novanet/messaging';
import { tryParseIp } from '@novanet/net-address';
import { By, Rule } from '../auth/auth.guard.js';
import type { Requester } from '../auth/requester.js';
import { checkedBody } from '../http/validation.js';
import { faultResponses, named } from '../open-api/responses.js';
import { NetworkWorkers } from '../workers/network-workers.js';
import { dnsEntryView, textsIn, type DnsEntryView } from './dns-view.js';
import { DnsEntriesQuery, DnsEntryBody } from './dns.dto.js';
import { QuotedDomain } from './quoted-domain.js';

const domainParameter = { name: 'domain', schema: { type: 'string' }, example: 'example.org' } as const;
const nameParameter = { name: 'name', schema: { type: 'string' }, example: 'www' } as const;
const one = { dns_entry: named('DnsEntry') };
const many = { dns_entries: { type: 'array', items: named('DnsEntry') } } as const;

/** nova's os-floating-ip-dns: names in a domain. */
@ApiTags('DNS')
@Controller('v2.1/os-floating-ip-dns/:domain/entries')
@Rule('os_compute_api:os-floating-ip-dns')
export class DnsEntryController {
  constructor(private readonly workers: NetworkWorkers) {}

  /** nova's client asks this, and nova's API does not know it. */
  @Get()
  @ApiOperation({ summary: 'List the names of an address' })
  @ApiParam(domainParameter)
  @ApiOkResponse({ schema: { type: 'object', properties: many } })
  @faultResponses(400, 403, 501, 503)
  async list(
    @By() by: Requester,
    @Param('domain', QuotedDomain) domain: string,
    @Query(checkedBody('ignored')) { ip }: DnsEntriesQuery,
  ): Promise<{ dns_entries: DnsEntryView[] }> {
    return { dns_entries: await this.namesOf(by, ip, domain) };
  }

  @Get(':name')
  @ApiOperation({ summary: 'Show a name; for an address, list its names' })
  @ApiParam(domainParameter)
  @ApiParam(nameParameter)
  @ApiOkResponse({
    schema: {
      oneOf: [
        { type: 'object', properties: one },
        { type: 'object', properties: many },
      ],
    },
  })
  @faultResponses(403, 404, 501, 503)
  async show(
    @By() by: Requester,
    @Param('domain', QuotedDomain) domain: string,
    @Param('name') name: string,
  ): Promise<{ dns_entry: DnsEntryView } | { dns_entries: DnsEntryView[] }> {
    if (tryParseIp(name)) {
      const entries = await this.namesOf(by, name, domain);
      if (entries.length > 0) return { dns_entries: entries };
      throw new NotFoundException('DNS entries not found.');
    }
    const [ip] = textsIn(await this.workers.call(by, 'get_dns_entries_by_name', { name, domain }));
    if (ip === undefined) throw new NotFoundException('DNS entries not found.');
    return { dns_entry: dnsEntryView({ ip, name, domain }) };
  }

  @Put(':name')
  @ApiOperation({ summary: 'Give a name an address, in the place of the one it has' })
  @ApiParam(domainParameter)
  @ApiParam(nameParameter)
  @ApiBody({ type: DnsEntryBody })
  @ApiOkResponse({ schema: { type: 'object', properties: one } })
  @faultResponses(400, 403, 404, 501, 503)
  async put(
    @By() by: Requester,
    @Param('domain', QuotedDomain) domain: string,
    @Param('name') name: string,
    @Body(checkedBody('refused')) { dns_entry: { ip, dns_type: type } }: DnsEntryBody,
  ): Promise<{ dns_entry: DnsEntryView }> {
    const entry = { address: ip, name, domain };
    try {
      await this.workers.call(by, 'add_dns_entry', { ...entry, dns_type: type });
    } catch (error) {
      const isThere = error instanceof RemoteError && error.className === 'FloatingIpDNSExists';
      if (!isThere) throw error;
      await this.workers.call(by, 'modify_dns_entry', entry);
    }
    return { dns_entry: dnsEntryView({ ip, name, domain }, type) };
  }

  @Delete(':name')
  @HttpCode(202)
  @ApiOperation({ summary: 'Remove a name' })
  @ApiParam(domainParameter)
  @ApiParam(nameParameter)
  @ApiAcceptedResponse({ description: 'It is gone.' })
  @faultResponses(403, 404, 501, 503)
  async delete(
    @By() by: Requester,
    @Param('domain', QuotedDomain) domain: string,
    @Param('name') name: string,
  ): Promise<void> {
    await this.workers.call(by, 'delete_dns_entry', { name, domain });
  }

  private async namesOf(by: Requester, ip: string, domain: string): Promise<DnsEntryView[]> {
    const names = textsIn(await this.workers.call(by, 'get_dns_entries_by_address', { address: ip, domain }));
    return names.map((name) => dnsEntryView({ ip, name, domain }));
  }
}
