import type { Command } from 'commander';
import { CliFailure } from '../cli-failure.error.js';
import type { CommandTools } from '../command-tools.js';
import { withExamples } from '../grammar/command-facts.js';
import type { Fields } from '../http/api-answers.js';
import { hasTexts, queryOf, type ApiClient } from '../http/api-client.js';
import { cellOf, renderTable } from '../terminal/table.js';

const SERVICES = '/v2.1/os-services';
const isService = hasTexts('host', 'binary');

interface ServiceOptions {
  readonly host?: string;
  readonly service?: string;
  readonly reason?: string;
}

/** Adds everything below `novanet service`. */
export function serviceCommands(service: Command, tools: CommandTools): void {
  const list = service
    .command('list')
    .description('list the services that ever reported, and whether they are alive')
    .option('--host <host>', 'of this host')
    .option('--service <binary>', 'this one, nova-network');
  withExamples(list, 'novanet service list', 'novanet service list --host compute1');
  list.action(async ({ host, service: binary }: ServiceOptions) => {
    const services = (await tools.api().get(SERVICES + queryOf({ host, binary }))).list(
      'services',
      isService,
    );
    tools.answer(services, renderServices(services, [binary, host]));
  });
  switchCommand(service, tools, 'enable');
  switchCommand(service, tools, 'disable').option('--reason <text>', 'for those who list the services');
}

function switchCommand(service: Command, tools: CommandTools, action: 'enable' | 'disable'): Command {
  const command = service
    .command(action)
    .description(
      action === 'enable'
        ? 'let networks go to a host again'
        : 'let no network go to a host; what is there stays',
    )
    .argument('[host]', 'as --host')
    .argument('[service]', 'as --service')
    .option('--host <host>', 'the host')
    .option('--service <binary>', 'default: nova-network');
  withExamples(command, `novanet service ${action} --host compute1 --service nova-network`);
  command.action(async (host?: string, binary?: string) => {
    const options = command.opts<ServiceOptions>();
    const wanted = { host: options.host ?? host, binary: options.service ?? binary ?? 'nova-network' };
    if (!wanted.host) throw new CliFailure('usage', 'Which host? --host names it.');
    const changed = await switchService(tools.api(), action, wanted, options.reason);
    tools.report(changed, `Service ${wanted.binary} on host ${wanted.host} ${action}d.`);
  });
  return command;
}

async function switchService(
  api: ApiClient,
  action: 'enable' | 'disable',
  service: object,
  reason: string | undefined,
): Promise<Fields> {
  const path = reason ? 'disable-log-reason' : action;
  const body = reason ? { ...service, disabled_reason: reason } : service;
  const waysOut = { 404: 'novanet service list shows what exists' };
  return (await api.put(`${SERVICES}/${path}`, body, waysOut)).one('service', isService);
}

function renderServices(
  services: readonly Fields[],
  [binary, host]: readonly (string | undefined)[],
): string {
  if (services.length === 0 && (binary || host)) {
    return `No service ${[binary, host && `on host ${host}`].filter(Boolean).join(' ')} ever reported; novanet service list shows what exists.`;
  }
  if (services.length === 0) {
    return 'No service has reported yet: start a network worker, and see its log if it does not appear here.';
  }
  return renderTable(
    ['Binary', 'Host', 'Zone', 'Status', 'State', 'Updated_At', 'Reason'],
    services.map((each) => [
      ...['binary', 'host', 'zone', 'status'].map((field) => cellOf(each[field])),
      each['state'] === 'up' ? ':-)' : 'XXX',
      cellOf(each['updated_at']),
      cellOf(each['disabled_reason']),
    ]),
  );
}
