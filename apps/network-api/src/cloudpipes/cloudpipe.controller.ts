import {
  BadRequestException,
  Body,
  Controller,
  Get,
  HttpCode,
  NotImplementedException,
  Param,
  Post,
  Put,
} from '@nestjs/common';
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
import type { CloudpipeView } from './cloudpipe-view.js';
import { Cloudpipes } from './cloudpipes.js';
import { ConfigureProjectBody } from './configure-project.dto.js';

const CONFIGURE = 'configure-project';

const NO_COMPUTE =
  'Instances are started by the compute service, not here: boot one from the VPN image in the project. ' +
  'Its network is asked for with vpn=True then, and it gets the address that is kept for the VPN server.';

/** nova's os-cloudpipe: the VPNs of the projects. */
@ApiTags('cloudpipe')
@Controller('v2.1/os-cloudpipe')
@Rule('os_compute_api:os-cloudpipe')
export class CloudpipeController {
  constructor(private readonly cloudpipes: Cloudpipes) {}

  @Get()
  @ApiOperation({ summary: 'List the VPNs of all projects' })
  @ApiOkResponse({
    schema: {
      type: 'object',
      properties: { cloudpipes: { type: 'array', items: named('Cloudpipe') } },
    },
  })
  async list(): Promise<{ cloudpipes: CloudpipeView[] }> {
    return { cloudpipes: await this.cloudpipes.list() };
  }

  @Post()
  @ApiOperation({ summary: 'Not here: whoever starts instances starts VPN servers' })
  @faultResponses(501)
  create(): never {
    throw new NotImplementedException(NO_COMPUTE);
  }

  @Put(':id')
  @HttpCode(202)
  @ApiOperation({ summary: 'configure-project: where the VPN of a project is reached' })
  @ApiParam({ name: 'id', schema: { type: 'string', enum: [CONFIGURE] } })
  @ApiBody({ type: ConfigureProjectBody })
  @ApiAcceptedResponse({ description: 'It is reached there.' })
  @faultResponses(400, 404, 409, 503)
  async configure(
    @By() by: Requester,
    @Param('id') id: string,
    @Body(checkedBody('refused')) { configure_project: wish }: ConfigureProjectBody,
  ): Promise<void> {
    if (id !== CONFIGURE) throw new BadRequestException(`Unknown action ${id}`);
    const projectId = wish.project_id ?? by.projectId;
    if (projectId === null) throw new BadRequestException('project_id says whose VPN it is');
    await this.cloudpipes.configure(by, projectId, { ip: wish.vpn_ip, port: Number(wish.vpn_port) });
  }
}
