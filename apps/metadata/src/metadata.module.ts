import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { nestOptions, type Logger } from '@novanet/observability';
import { MetadataDoor } from './http/metadata-door.js';
import { DatabaseLookup } from './lookup/database-lookup.js';

/** What instances reach, and the database behind it. */
@Module({})
class MetadataModule implements OnApplicationShutdown {
  constructor(@Inject(DatabaseLookup) private readonly lookup: DatabaseLookup) {}

  static over(lookup: DatabaseLookup): DynamicModule {
    return { module: MetadataModule, providers: [{ provide: DatabaseLookup, useValue: lookup }] };
  }

  onApplicationShutdown(): Promise<void> {
    return this.lookup.close();
  }
}

/**
 * The server for instances. All their requests go through one door, because what a path means is not for a router to
 * say: `//latest/./meta-data/` is as good as `/latest/meta-data`.
 */
export async function createGuestServer(
  lookup: DatabaseLookup,
  dhcpDomain: string,
  log: Logger,
): Promise<NestExpressApplication> {
  const options = { ...nestOptions(log), bodyParser: false };
  const app = await NestFactory.create<NestExpressApplication>(MetadataModule.over(lookup), options);
  const door = new MetadataDoor(lookup, dhcpDomain, log);
  app.disable('x-powered-by');
  app.use(door.handle.bind(door));
  return app;
}
