import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { ExaminationDict, FindingDict } from '@novanet/contracts';
import { By, Rule } from '../auth/auth.guard.js';
import type { Requester } from '../auth/requester.js';
import { checkedBody } from '../http/validation.js';
import { faultResponses, named } from '../open-api/responses.js';
import { CloudDoctor, type Mended } from './cloud-doctor.js';
import { FixBody, PatientDto } from './doctor.dto.js';

/** What is wrong with the cloud's networks, and what mends it. nova has no such thing. */
@ApiTags('doctor')
@Controller('v2.1/os-novanet-doctor')
@Rule('os_compute_api:os-novanet-doctor')
export class DoctorController {
  constructor(private readonly doctor: CloudDoctor) {}

  @Get()
  @ApiOperation({
    summary: 'What is wrong with the cloud, a host, an instance or an address: the first thing to mend first',
  })
  @ApiOkResponse({
    schema: {
      type: 'object',
      properties: {
        findings: { type: 'array', items: named('Finding') },
        checked: { type: 'array', items: named('Check') },
      },
    },
  })
  @faultResponses(400, 403, 404, 503)
  examine(@By() by: Requester, @Query(checkedBody('refused')) patient: PatientDto): Promise<ExaminationDict> {
    return this.doctor.examine(by, patient);
  }

  @Post('fix')
  @HttpCode(200)
  @ApiOperation({ summary: 'Mends what is safe to mend, and looks again' })
  @ApiOkResponse({
    schema: {
      type: 'object',
      properties: {
        mended: { type: 'array', items: named('Mended') },
        findings: { type: 'array', items: named('Finding') },
      },
    },
  })
  @faultResponses(400, 403, 404, 503)
  fix(
    @By() by: Requester,
    @Body(checkedBody('refused')) { fix }: FixBody,
  ): Promise<{ mended: readonly Mended[]; findings: readonly FindingDict[] }> {
    return this.doctor.fix(by, fix);
  }
}
