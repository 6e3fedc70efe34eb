import type { Command } from 'commander';
import { CliFailure } from '../cli-failure.error.js';
import type { CommandTools } from '../command-tools.js';
import { withExamples } from '../grammar/command-facts.js';
import type { Fields } from '../http/api-answers.js';
import { hasTexts } from '../http/api-client.js';
import { integer, ip } from '../networks/option-values.js';
import { cellOf, renderTable } from '../terminal/table.js';

const CLOUDPIPE = '/v2.1/os-cloudpipe';
const isCloudpipe = hasTexts('project_id');

interface ChangeOptions {
  readonly project?: string;
  readonly ip?: string;
  readonly port?: string;
}

/** Adds everything below `novanet vpn`. */
export function vpnCommands(vpn: Command, tools: CommandTools): void {
  const list = vpn
    .command('list')
    .description("list the projects' VPNs")
    .argument('[project]', 'as --project')
    .option('--project <id>', 'of this project');
  withExamples(list, 'novanet vpn list', 'novanet vpn list --project 7c0ce0b51c8b4b6d');
  list.action(async (word: string | undefined, { project = word }: ChangeOptions) => {
    const all = (await tools.api().get(CLOUDPIPE)).list('cloudpipes', isCloudpipe);
    const found = project ? all.filter((each) => each.project_id === project) : all;
    tools.answer(found, renderVpns(found));
  });
  changeCommand(vpn, tools);
  launchCommand(vpn, 'run', '[project]');
  launchCommand(vpn, 'spawn');
}

function changeCommand(vpn: Command, tools: CommandTools): void {
  const change = vpn
    .command('change')
    .description("say where a project's VPN is reached from outside")
    .argument('[project]', 'as --project')
    .argument('[ip]', 'as --ip')
    .argument('[port]', 'as --port')
    .option('--project <id>', 'the project')
    .option('--ip <address>', 'the public address')
    .option('--port <port>', 'the public port');
  withExamples(change, 'novanet vpn change --project 7c0ce0b51c8b4b6d --ip 203.0.113.9 --port 1000');
  change.action(async (...words: (string | undefined)[]) => {
    const [projectWord, ipWord, portWord] = words.slice(0, 3);
    const options = change.opts<ChangeOptions>();
    const project = options.project ?? projectWord;
    const address = options.ip ?? ipWord;
    const port = options.port ?? portWord;
    if (!project || !address || !port) {
      throw new CliFailure('usage', 'Say which project, and where its VPN is: --project, --ip, --port.');
    }
    const wanted = {
      vpn_ip: ip(4)(address, 'ip'),
      vpn_port: integer(port, 'port'),
      project_id: project,
    };
    await tools.api().put(`${CLOUDPIPE}/configure-project`, { configure_project: wanted });
    tools.report(wanted, `The VPN of project ${project} is reached at ${address}:${port}.`);
  });
}

/** nova-manage launched an instance. This is a network service: it launches none. */
function launchCommand(vpn: Command, action: 'run' | 'spawn', argument?: string): void {
  const command = vpn
    .command(action, { hidden: true })
    .description('not here: tells how a VPN is launched')
    .option('--project <id>', 'the project')
    .option('--user <id>', 'its owner');
  if (argument) command.argument(argument, 'as --project');
  withExamples(command, `novanet vpn ${action}`);
  command.action((word: unknown) => {
    const { project = typeof word === 'string' ? word : undefined } = command.opts<ChangeOptions>();
    const server = project ? ` as project ${project}` : '';
    throw new CliFailure(
      'refused',
      `A network service launches no instances: launch one of the VPN image${server} through your compute service, which ` +
        'asks for the VPN address of the network. novanet vpn change says where it is reached, novanet vpn list shows it.',
    );
  });
}

function renderVpns(found: readonly Fields[]): string {
  if (found.length === 0) return 'There are no VPNs.';
  return renderTable(
    ['project', 'ip:port', 'private_ip', 'instance', 'state'],
    found.map((each) => [
      cellOf(each['project_id']),
      `${cellOf(each['public_ip']) ?? '-'}:${cellOf(each['public_port']) ?? '-'}`,
      cellOf(each['internal_ip']),
      cellOf(each['instance_id']),
      cellOf(each['state']),
    ]),
  );
}
