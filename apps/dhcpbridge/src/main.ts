import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { loadSettings } from '@novanet/config';
import { nestOptions, runService } from '@novanet/observability';
import { measureSpool } from './delivery-metrics.js';
import { createDhcpBridge, DhcpBridgeModule } from './dhcpbridge.module.js';

await runService({
  name: 'dhcpbridge',
  configure: () => loadSettings({ argv: process.argv.slice(2), env: process.env }),
  async create(settings, log) {
    const bridge = createDhcpBridge(settings, log);
    measureSpool(bridge.spool);
    const app = await NestFactory.create(DhcpBridgeModule.forBridge(bridge), nestOptions(log));
    const health = {
      app,
      host: settings.healthListen.toString(),
      port: settings.dhcpbridgeHealthPort,
      hostOption: 'health_listen',
      portOption: 'dhcpbridge_health_port',
    };
    return {
      servers: [health],
      async start() {
        await bridge.client.connect();
        bridge.delivery.start();
      },
    };
  },
});
