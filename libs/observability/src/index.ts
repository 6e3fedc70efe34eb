// What a service tells of itself: log lines, metrics, health; and how its process starts and stops.
export type { HealthCheck } from './health/health-check.js';
export { createLogger, type Logger, type LogLevel } from './logging/logger.js';
export { nestOptions } from './logging/nest-logger.js';
export { currentRequestId, withRequestId } from './logging/request-id.js';
export { HealthController } from './health/health.controller.js';
export { MetricsController } from './metrics/metrics.controller.js';
export { Counter, Gauge, Histogram, metrics } from './metrics/metrics.js';
export { ObservabilityModule } from './observability.module.js';
export { RateLimit } from './service/rate-limit.js';
export {
  runService,
  type HttpServer,
  type ServiceDefinition,
  type ServiceParts,
} from './service/run-service.js';
