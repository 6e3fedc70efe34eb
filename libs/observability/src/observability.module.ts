import { Module, type DynamicModule } from '@nestjs/common';
import { HEALTH_CHECKS, type HealthCheck } from './health/health-check.js';
import { HealthController } from './health/health.controller.js';
import { MetricsController } from './metrics/metrics.controller.js';

/** GET /health/live, /health/ready and /metrics. */
@Module({})
export class ObservabilityModule {
  /** @param options.checks what must be there before the service is ready */
  static forRoot(options: { readonly checks: readonly HealthCheck[] }): DynamicModule {
    return {
      module: ObservabilityModule,
      controllers: [HealthController, MetricsController],
      providers: [{ provide: HEALTH_CHECKS, useValue: options.checks }],
    };
  }
}
