import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { redactSecrets } from '../logging/redact-secrets.js';
import { HEALTH_CHECKS, reportHealth, type HealthCheck } from './health-check.js';

/** What an orchestrator asks: restart me (live)? Send me work (ready)? */
@Controller('health')
export class HealthController {
  constructor(@Inject(HEALTH_CHECKS) private readonly checks: readonly HealthCheck[]) {}

  @Get('live')
  live(): object {
    return { status: 'live' };
  }

  /** 503 when a check fails, with the reason. */
  @Get('ready')
  async ready(): Promise<object> {
    const { isReady, checks } = await reportHealth(this.checks);
    const reasons = Object.entries(checks).map(([name, answer]) => [name, redactSecrets(answer)]);
    const answer = { status: isReady ? 'ready' : 'not ready', checks: Object.fromEntries(reasons) };
    if (!isReady) throw new ServiceUnavailableException(answer);
    return answer;
  }
}
