import { Controller, Get, NotFoundException, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Rule } from '../auth/auth.guard.js';
import { faultResponses, named } from '../open-api/responses.js';
import { extensions, type ExtensionView } from './extension-list.js';

/** nova's extensions: what older clients ask before they use a resource. */
@ApiTags('extensions')
@Controller('v2.1/extensions')
@Rule('os_compute_api:extensions')
export class ExtensionController {
  @Get()
  @ApiOperation({ summary: 'List the extensions of the compute API that are here' })
  @ApiOkResponse({
    schema: { type: 'object', properties: { extensions: { type: 'array', items: named('Extension') } } },
  })
  list(): { extensions: readonly ExtensionView[] } {
    return { extensions };
  }

  @Get(':alias')
  @ApiOperation({ summary: 'Show an extension' })
  @ApiOkResponse({ schema: { type: 'object', properties: { extension: named('Extension') } } })
  @faultResponses(404)
  show(@Param('alias') alias: string): { extension: ExtensionView } {
    const extension = extensions.find((each) => each.alias === alias);
    if (!extension) throw new NotFoundException();
    return { extension };
  }
}
