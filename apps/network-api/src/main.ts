import { configurationFolders, loadSettings, type Settings } from '@novanet/config';
import { OsloBroker, OsloClient } from '@novanet/messaging';
import { managerTraits } from '@novanet/network-managers';
import { runService, type Logger, type ServiceParts } from '@novanet/observability';
import { createApp } from './create-app.js';
import { chooseAuthenticator } from './auth/choose-authenticator.js';
import { CloudDatabase } from './database/cloud-database.js';
import type { QuotaLimits } from './quotas/quota-limits.js';
import { readTls } from './http/tls.js';
import { loadPolicies } from './policy/policy-file.js';
import { NetworkWorkers } from './workers/network-workers.js';

const argv = process.argv.slice(2);

await runService({
  name: 'network-api',
  configure: () => loadSettings({ argv, env: process.env }),
  create,
});

async function create(settings: Settings, log: Logger): Promise<ServiceParts> {
  const policies = loadPolicies(settings.policyFile, configurationFolders(argv), log);
  const authenticator = chooseAuthenticator(settings, policies, log);
  const door = { policies, authenticator, tls: readTls(settings) };
  const database = new CloudDatabase(settings.databaseConnection, log);
  const workers = new NetworkWorkers(createClient(settings, log), settings.networkTopic);
  const { serviceDownTime, maxRequestBodySize, projectRateLimit } = settings;
  const limits = limitsOf(settings);
  const rules = {
    traits: managerTraits(settings),
    limits,
    serviceDownTime,
    maxRequestBodySize,
    projectRateLimit,
  };
  const app = await createApp({ database, workers, ...door, ...rules }, log);
  const server = {
    app,
    host: settings.osapiComputeListen.toString(),
    port: settings.osapiComputeListenPort,
    hostOption: 'osapi_compute_listen',
    portOption: 'osapi_compute_listen_port',
  };
  return {
    servers: [server],
    async start() {
      await workers.connect();
      await database.open();
    },
  };
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
