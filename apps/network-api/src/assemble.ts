import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Settings } from '@novanet/config';
import { OsloBroker, OsloClient } from '@novanet/messaging';
import { managerTraits } from '@novanet/network-managers';
import type { Logger } from '@novanet/observability';
import type { Authenticator } from './auth/authenticator.js';
import { createApp } from './create-app.js';
import { CloudDatabase } from './database/cloud-database.js';
import type { TlsOptions } from './http/tls.js';
import type { PolicyBook } from './policy/policy-book.js';
import type { QuotaLimits } from './quotas/quota-limits.js';
import { NetworkWorkers } from './workers/network-workers.js';

/** Who is let in, and how. */
export interface FrontDoor {
  readonly authenticator: Authenticator;
  readonly policies: PolicyBook;
  readonly tls?: TlsOptions | undefined;
}

/** The API with what it asks; nothing is opened. */
export interface Assembled {
  readonly app: NestExpressApplication;
  readonly database: CloudDatabase;
  readonly workers: NetworkWorkers;
}

/** Wires the API as the configuration says. */
export async function assemble(settings: Settings, door: FrontDoor, log: Logger): Promise<Assembled> {
  const database = new CloudDatabase(settings.databaseConnection, log);
  const workers = new NetworkWorkers(createClient(settings, log), settings.networkTopic);
  const { serviceDownTime, maxRequestBodySize, projectRateLimit } = settings;
  const rules = {
    traits: managerTraits(settings),
    limits: limitsOf(settings),
    serviceDownTime,
    maxRequestBodySize,
    projectRateLimit,
  };
  return { app: await createApp({ database, workers, ...door, ...rules }, log), database, workers };
}

function limitsOf(settings: Settings): QuotaLimits {
  return {
    floating_ips: settings.quotaFloatingIps,
    fixed_ips: settings.quotaFixedIps,
    security_groups: settings.quotaSecurityGroups,
    security_group_rules: settings.quotaSecurityGroupRules,
  };
}

function createClient(settings: Settings, log: Logger): OsloClient {
  const broker = new OsloBroker({
    transportUrl: settings.transportUrl,
    controlExchange: settings.controlExchange,
    serviceName: 'network-api',
    topology: settings,
    log,
  });
  return new OsloClient({ broker, timeoutMs: settings.rpcResponseTimeout * 1000 });
}
