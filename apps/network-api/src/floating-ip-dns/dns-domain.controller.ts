import { BadRequestException, Body, Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
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
import { checkedBody } from '../http/validation.js';
import { faultResponses, named } from '../open-api/responses.js';
import { NetworkWorkers } from '../workers/network-workers.js';
import { domainEntryViews, type DomainEntryView } from './dns-view.js';
import { DomainEntryBody } from './dns.dto.js';
import { QuotedDomain } from './quoted-domain.js';

const domainParameter = { name: 'domain', schema: { type: 'string' }, example: 'example.org' } as const;

/** nova's os-floating-ip-dns: domains. A worker answers what its DNS drivers know. */
@ApiTags('DNS')
@Controller('v2.1/os-floating-ip-dns')
@Rule('os_compute_api:os-floating-ip-dns')
export class DnsDomainController {
  constructor(private readonly workers: NetworkWorkers) {}

  @Get()
  @ApiOperation({ summary: 'List the domains that the requester may use' })
  @ApiOkResponse({
    schema: {
      type: 'object',
      properties: { domain_entries: { type: 'array', items: named('DomainEntry') } },
    },
  })
  @faultResponses(501, 503)
  async list(@By() by: Requester): Promise<{ domain_entries: DomainEntryView[] }> {
    return { domain_entries: domainEntryViews(await this.workers.call(by, 'get_dns_domains', {})) };
  }

  @Put(':domain')
  @Rule('os_compute_api:os-floating-ip-dns:domain:update')
  @ApiOperation({ summary: 'Register a domain, or change its project or availability zone' })
  @ApiParam(domainParameter)
  @ApiBody({ type: DomainEntryBody })
  @ApiOkResponse({ schema: { type: 'object', properties: { domain_entry: named('DomainEntry') } } })
  @faultResponses(400, 409, 501, 503)
  async put(
    @By() by: Requester,
    @Param('domain', QuotedDomain) domain: string,
    @Body(checkedBody('refused')) { domain_entry: wanted }: DomainEntryBody,
  ): Promise<{ domain_entry: DomainEntryView }> {
    const { scope, project = null, availability_zone: zone = null } = wanted;
    if (scope === 'private') {
      if (project !== null) throw new BadRequestException('you can not pass project if the scope is private');
      await this.workers.call(by, 'create_private_dns_domain', { domain, av_zone: zone });
    } else {
      if (zone !== null) throw new BadRequestException('you can not pass av_zone if the scope is public');
      await this.workers.call(by, 'create_public_dns_domain', { domain, project });
    }
    return { domain_entry: { domain, scope, project, availability_zone: zone } };
  }

  @Delete(':domain')
  @Rule('os_compute_api:os-floating-ip-dns:domain:delete')
  @HttpCode(202)
  @ApiOperation({ summary: 'Delete a domain and every name in it' })
  @ApiParam(domainParameter)
  @ApiAcceptedResponse({ description: 'It is deleted.' })
  @faultResponses(404, 501, 503)
  async delete(@By() by: Requester, @Param('domain', QuotedDomain) domain: string): Promise<void> {
    await this.workers.call(by, 'delete_dns_domain', { domain });
  }
}
