import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Rule } from '../auth/auth.guard.js';
import { CloudDatabase } from '../database/cloud-database.js';
import { named } from '../open-api/responses.js';

/** nova's os-floating-ip-pools. */
@ApiTags('floating IPs')
@Controller('v2.1/os-floating-ip-pools')
@Rule('os_compute_api:os-floating-ip-pools')
export class FloatingIpPoolController {
  constructor(private readonly database: CloudDatabase) {}

  @Get()
  @ApiOperation({ summary: 'List the pools of floating IPs, empty ones included' })
  @ApiOkResponse({
    schema: {
      type: 'object',
      properties: { floating_ip_pools: { type: 'array', items: named('FloatingIpPool') } },
    },
  })
  async list(): Promise<{ floating_ip_pools: { name: string }[] }> {
    const pools = await this.database.floatingIpPools.list();
    return { floating_ip_pools: pools.map(({ name }) => ({ name })) };
  }
}
