import { configurationFolders, loadSettings, type Settings } from '@novanet/config';
import { runService, type Logger, type ServiceParts } from '@novanet/observability';
import { assemble } from './assemble.js';
import { chooseAuthenticator } from './auth/choose-authenticator.js';
import { readTls } from './http/tls.js';
import { loadPolicies } from './policy/policy-file.js';

const argv = process.argv.slice(2);

await runService({
  name: 'network-api',
  configure: () => loadSettings({ argv, env: process.env }),
  create,
});

async function create(settings: Settings, log: Logger): Promise<ServiceParts> {
  const policies = loadPolicies(settings.policyFile, configurationFolders(argv), log);
  const authenticator = chooseAuthenticator(settings, policies, log);
  const { app, database, workers } = await assemble(
    settings,
    { policies, authenticator, tls: readTls(settings) },
    log,
  );
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
