import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Rule } from '../auth/auth.guard.js';
import { CloudDatabase } from '../database/cloud-database.js';
import { named } from '../open-api/responses.js';
import { serviceView, type ServiceView } from './service-view.js';

/** Token of `service_down_time`, in seconds. */
export const SERVICE_DOWN_TIME = Symbol('service_down_time');

/** Which workers the cloud has. */
@ApiTags('services')
@Controller('v1/services')
@Rule('os_compute_api:os-services')
export class ServiceController {
  constructor(
    private readonly database: CloudDatabase,
    @Inject(SERVICE_DOWN_TIME) private readonly downTimeSeconds: number,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List the services that ever reported, and whether they are alive' })
  @ApiOkResponse({
    schema: { type: 'object', properties: { services: { type: 'array', items: named('Service') } } },
  })
  async list(): Promise<{ services: ServiceView[] }> {
    const services = await this.database.services.list();
    const now = new Date();
    return { services: services.map((service) => serviceView(service, now, this.downTimeSeconds)) };
  }
}
