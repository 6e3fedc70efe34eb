import { Controller, Get, Header } from '@nestjs/common';
import { metrics } from './metrics.js';

/** The page Prometheus reads. */
@Controller('metrics')
export class MetricsController {
  @Get()
  @Header('content-type', metrics.contentType)
  page(): Promise<string> {
    return metrics.metrics();
  }
}
