import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { loadSettings } from '@novanet/config';
import { nestOptions, ObservabilityModule, runService } from '@novanet/observability';
import { GuestServer } from './guest-server.js';
import { DatabaseSource } from './lookup/database-source.js';
import { neighbourMac } from './lookup/neighbours.js';
import { checkMetadataSettings } from './settings-check.js';

await runService({
  name: 'metadata',
  configure: () => checkMetadataSettings(loadSettings({ argv: process.argv.slice(2), env: process.env })),
  async create(settings, log) {
    if (settings.enabledSslApis.includes('metadata')) log.warn('enabled_ssl_apis: metadata speaks HTTP only');
    const source = new DatabaseSource(settings.databaseConnection, log);
    const checks = [{ name: 'database', check: () => source.check() }];
    const health = {
      app: await NestFactory.create(ObservabilityModule.forRoot({ checks }), nestOptions(log)),
      host: settings.healthListen.toString(),
      port: settings.metadataHealthPort,
      hostOption: 'health_listen',
      portOption: 'metadata_health_port',
    };
    const guests = {
      app: new GuestServer({ settings, source, neighbour: (address) => neighbourMac(address), log }),
      host: settings.metadataListen.toString(),
      port: settings.metadataListenPort,
      hostOption: 'metadata_listen',
      portOption: 'metadata_listen_port',
    };
    return { servers: [health, guests], start: () => source.open() };
  },
});
