import type { Command } from 'commander';
import { CliFailure } from '../cli-failure.error.js';
import type { CommandTools } from '../command-tools.js';
import { withExamples } from '../grammar/command-facts.js';
import { isRecord, type Fields } from '../http/api-answers.js';
import { hasTexts, pathPart, queryOf, type ApiClient } from '../http/api-client.js';
import { renderFields, renderTable } from '../terminal/table.js';

const isHost = hasTexts('host_name', 'service', 'zone');
const isFields = (value: unknown): value is Fields => isRecord(value);

/** Adds everything below `novanet host`. */
export function hostCommands(host: Command, tools: CommandTools): void {
  const list = host
    .command('list')
    .description('list the hosts')
    .argument('[zone]', 'as --zone')
    .option('--zone <zone>', 'of this zone');
  withExamples(list, 'novanet host list', 'novanet host list internal');
  list.action(async (word: string | undefined, { zone = word }: { readonly zone?: string }) => {
    const services = (await tools.api().get(`/v2.1/os-hosts${queryOf({ zone })}`)).list('hosts', isHost);
    const hosts = [...new Map(services.map((each) => [each.host_name, each.zone]))];
    tools.answer(
      hosts.map(([name, itsZone]) => ({ host: name, zone: itsZone })),
      hosts.length > 0 ? renderTable(['host', 'zone'], hosts) : noHost(zone),
    );
  });
  goneCommand(host, tools, {
    action: 'remove',
    about: 'give back what a host had that will not come back, and move its networks and floating IPs',
    loss: 'forget host',
  });
  goneCommand(host, tools, {
    action: 'drain',
    about: 'disable a living host, and move its networks and floating IPs; instances that are left are named',
    loss: 'move everything that can be moved away from host',
  });
}

function noHost(zone: string | undefined): string {
  return zone
    ? `There is no host in zone ${zone}; network services are in "internal".`
    : 'No host has reported yet.';
}

interface Going {
  readonly action: 'remove' | 'drain';
  readonly about: string;
  readonly loss: string;
}

function goneCommand(host: Command, tools: CommandTools, { action, about, loss }: Going): void {
  const command = host
    .command(action)
    .description(about)
    .argument('<host>', 'its name')
    .option('--heir <host>', 'who takes over; default: whichever host is asked');
  withExamples(
    command,
    `novanet host ${action} compute1 --heir compute2`,
    `novanet host ${action} compute1 --yes --json`,
  );
  command.action(async (name: string, { heir }: { readonly heir?: string }) => {
    await tools.confirm(`${loss} ${name}`);
    const outcome = await letGo(tools.api(), name, { [action]: heir === undefined ? {} : { heir } });
    tools.report(outcome, renderFields(outcome));
    const { problems } = outcome;
    if (Array.isArray(problems) && problems.length > 0) {
      throw new CliFailure(
        'refused',
        `Something is left on ${name}: see problems. Once they are mended, the same again.`,
      );
    }
  });
}

async function letGo(api: ApiClient, host: string, action: object): Promise<Fields> {
  const path = `/v2.1/os-novanet-hosts/${pathPart(host)}/action`;
  return (await api.post(path, action, { 404: 'novanet host list shows what exists' })).one('host', isFields);
}
