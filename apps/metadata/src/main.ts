import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { loadSettings } from '@novanet/config';
import { nestOptions, ObservabilityModule, runService } from '@novanet/observability';
import { DatabaseLookup } from './lookup/database-lookup.js';
import { createGuestServer } from './metadata.module.js';

await runService({
  name: 'metadata',
  configure: () => loadSettings({ argv: process.argv.slice(2), env: process.env }),
  async create(settings, log) {
    const lookup = new DatabaseLookup(settings.databaseConnection, log);
    const checks = [{ name: 'database', check: () => lookup.check() }];
    const health = {
      app: await NestFactory.create(ObservabilityModule.forRoot({ checks }), nestOptions(log)),
      host: settings.healthListen.toString(),
      port: settings.metadataHealthPort,
      hostOption: 'health_listen',
      portOption: 'metadata_health_port',
    };
    const guests = {
      app: await createGuestServer(lookup, settings.dhcpDomain, log),
      host: settings.metadataListen.toString(),
      port: settings.metadataListenPort,
      hostOption: 'metadata_listen',
      portOption: 'metadata_listen_port',
    };
    return { servers: [health, guests], start: () => lookup.open() };
  },
});
