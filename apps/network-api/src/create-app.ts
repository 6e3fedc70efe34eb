import { readFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { nestOptions, type Logger } from '@novanet/observability';
import { FaultFilter } from './faults/fault.filter.js';
import { novaRequests, refuseDeepBodies, requestContext, unreadableBodies } from './http/request-context.js';
import { NetworkApiModule, type NetworkApiParts } from './network-api.module.js';
import { describeApi, serveApiDescription } from './open-api/open-api.js';

/** Assembles the API; nothing is opened, and nothing outside of the process is asked. */
export async function createApp(parts: NetworkApiParts, log: Logger): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(NetworkApiModule.forRoot(parts), {
    ...nestOptions(log),
    bodyParser: false,
    ...(parts.tls && { httpsOptions: parts.tls }),
  });
  app.disable('x-powered-by');
  app.use(requestContext(log));
  app.use(novaRequests);
  app.useBodyParser('json', { limit: parts.maxRequestBodySize ?? 114_688 });
  app.use(refuseDeepBodies);
  app.use(unreadableBodies);
  app.useGlobalFilters(new FaultFilter(log));
  serveApiDescription(app, describeApi(app, readVersion()));
  return app;
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return String(version);
}
