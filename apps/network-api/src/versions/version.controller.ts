import { Controller, Get, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Public } from '../auth/auth.guard.js';
import { baseUrlOf } from '../http/base-url.js';
import { named } from '../open-api/responses.js';
import { versionDocument, versionList } from './version-documents.js';

const oneVersion = { type: 'object', properties: { version: named('Version') } } as const;

/** What clients read before anything else. */
@ApiTags('versions')
@Controller()
@Public()
export class VersionController {
  @Get()
  @ApiOperation({ summary: 'List the versions of the compute API' })
  @ApiOkResponse({
    schema: { type: 'object', properties: { versions: { type: 'array', items: named('Version') } } },
  })
  list(@Req() request: Request) {
    return versionList(baseUrlOf(request));
  }

  @Get('v2.1')
  @ApiOperation({ summary: 'Describe version 2.1' })
  @ApiOkResponse({ schema: oneVersion })
  show(@Req() request: Request) {
    return versionDocument('v2.1', baseUrlOf(request));
  }

  @Get('v2')
  @ApiOperation({ summary: 'Describe version 2.0, which answers as 2.1 without microversions' })
  @ApiOkResponse({ schema: oneVersion })
  showLegacy(@Req() request: Request) {
    return versionDocument('v2', baseUrlOf(request));
  }
}
