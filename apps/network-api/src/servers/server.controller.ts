import { BadRequestException, Controller, ForbiddenException, Get, Param, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import { InstanceNotFound, type Instance, type NameFilter } from '@novanet/ipam';
import type { Request } from 'express';
import { By, Rule } from '../auth/auth.guard.js';
import type { Requester } from '../auth/requester.js';
import { CloudDatabase } from '../database/cloud-database.js';
import { baseUrlOf } from '../http/base-url.js';
import { nextLink, type NextLink } from '../http/next-link.js';
import { MOST_LISTED, queryFlag, queryNumber, queryText, type Query as Queries } from '../http/query.js';
import { faultResponses, named } from '../open-api/responses.js';
import { serverParameter } from './server-parameter.js';
import { serverReference, serverView, type ServerReference, type ServerView } from './server-view.js';
import { visibleInstance } from './visible-instance.js';

interface Page {
  readonly instances: readonly Instance[];
  readonly next: string | undefined;
}

interface ServerList<T> {
  readonly servers: T[];
  readonly servers_links?: readonly NextLink[];
}

const pageOf = (name: 'Server' | 'ServerReference') =>
  ({
    type: 'object',
    properties: {
      servers: { type: 'array', items: named(name) },
      servers_links: { type: 'array', items: named('Link'), description: 'The next page, if there is one.' },
    },
    required: ['servers'] as string[],
  }) as const;

/** nova's servers, as far as clients of the network look them up: the instances that we know. */
@ApiTags('servers')
@Controller('v2.1/servers')
@Rule('os_compute_api:servers:index')
export class ServerController {
  constructor(private readonly database: CloudDatabase) {}

  @Get()
  @ApiOperation({ summary: "List the project's servers, newest first" })
  @ApiQuery({
    name: 'name',
    required: false,
    description: 'Stands in the name; ^ and $ bind it to the ends.',
  })
  @ApiQuery({ name: 'all_tenants', required: false, description: 'For administrators.' })
  @ApiQuery({ name: 'limit', required: false })
  @ApiQuery({ name: 'marker', required: false, description: 'The last server of the page before.' })
  @ApiOkResponse({ schema: pageOf('ServerReference') })
  @faultResponses(400, 403)
  async list(
    @By() by: Requester,
    @Query() query: Queries,
    @Req() request: Request,
  ): Promise<ServerList<ServerReference>> {
    const page = await this.page(by, query);
    const baseUrl = baseUrlOf(request);
    return listOf(
      page,
      page.instances.map((instance) => serverReference(instance, baseUrl)),
      request,
    );
  }

  @Get('detail')
  @ApiOperation({ summary: "List the project's servers with all that is known of them; as the list" })
  @ApiOkResponse({ schema: pageOf('Server') })
  @faultResponses(400, 403)
  async detail(
    @By() by: Requester,
    @Query() query: Queries,
    @Req() request: Request,
  ): Promise<ServerList<ServerView>> {
    const page = await this.page(by, query);
    const views = page.instances.map((instance) => this.view(instance, baseUrlOf(request)));
    return listOf(page, await Promise.all(views), request);
  }

  @Get(':sid')
  @Rule('os_compute_api:servers:show')
  @ApiOperation({ summary: 'Show a server' })
  @ApiParam(serverParameter)
  @ApiOkResponse({ schema: { type: 'object', properties: { server: named('Server') } } })
  @faultResponses(404)
  async show(
    @By() by: Requester,
    @Param('sid') sid: string,
    @Req() request: Request,
  ): Promise<{ server: ServerView }> {
    const instance = await visibleInstance(this.database, by, sid);
    return { server: await this.view(instance, baseUrlOf(request)) };
  }

  private async page(by: Requester, query: Queries): Promise<Page> {
    const projectId = projectIn(query, by);
    if (projectId === null) return { instances: [], next: undefined };
    const limit = Math.min(queryNumber(query, 'limit') ?? MOST_LISTED, MOST_LISTED);
    const marker = await this.marked(by, queryText(query, 'marker'));
    const name = queryText(query, 'name');
    const found = await this.database.instances.list({
      ...(projectId !== undefined && { projectId }),
      ...(marker && { beforeId: marker.id }),
      ...(name !== undefined && { name: nameFilter(name) }),
      limit: limit + 1,
    });
    const instances = found.slice(0, limit);
    return { instances, next: found.length > limit ? instances.at(-1)?.uuid : undefined };
  }

  private async marked(by: Requester, marker: string | undefined): Promise<Instance | undefined> {
    if (marker === undefined) return undefined;
    try {
      return await visibleInstance(this.database, by, marker);
    } catch (error) {
      if (error instanceof InstanceNotFound) throw new BadRequestException(`marker [${marker}] not found`);
      throw error;
    }
  }

  private async view(instance: Instance, baseUrl: string): Promise<ServerView> {
    const [nics, groups] = await Promise.all([
      this.database.fixedIps.nicsOf(instance.uuid),
      this.database.securityGroups.groupsOf(instance.uuid),
    ]);
    return serverView(instance, { nics, groups }, baseUrl);
  }
}

/** Undefined: all projects; null: none. */
function projectIn(query: Queries, by: Requester): string | null | undefined {
  if (!queryFlag(query, 'all_tenants')) return by.projectId;
  if (!by.isAdmin) {
    const rule = 'os_compute_api:servers:index:get_all_tenants';
    throw new ForbiddenException(`Policy doesn't allow ${rule} to be performed.`);
  }
  return queryText(query, 'tenant_id') ?? queryText(query, 'project_id');
}

/** nova takes a regular expression. Clients send names, and at most bind them to the ends. */
function nameFilter(text: string): NameFilter {
  const [, beginning, inside = '', end] = /^(\^?)(.*?)(\$?)$/s.exec(text) ?? [];
  return { text: inside, isBeginning: beginning === '^', isEnd: end === '$' };
}

function listOf<T>({ next }: Page, servers: T[], request: Request): ServerList<T> {
  if (next === undefined) return { servers };
  return { servers, servers_links: [nextLink(request, next)] };
}
