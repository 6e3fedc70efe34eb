import type { Command } from 'commander';
import type { ApiNetwork } from '../api-client.js';
import type { CommandTools } from '../run-cli.js';
import { renderFields, renderTable } from '../table.js';
import { createNetworkCommand } from './create-network-command.js';
import { findNetwork } from './find-network.js';

const columns = [
  'id',
  'label',
  'cidr',
  'cidr_v6',
  'vlan',
  'bridge',
  'multi_host',
  'host',
  'project_id',
] as const;

/** Adds `create`, `list`, `show` and `delete` to `novanet network`. */
export function networkCommands(network: Command, tools: CommandTools): void {
  createNetworkCommand(network, tools);
  network
    .command('list')
    .description('list the networks')
    .action(async () => {
      const networks = await tools.api().networks();
      tools.answer(networks, renderNetworks(networks));
    });
  network
    .command('show')
    .description('show one network with all its fields')
    .argument('<network>', 'label or UUID')
    .addHelpText('after', '\nExample:\n  novanet network show private')
    .action(async (name: string) => {
      const found = findNetwork(await tools.api().networks(), name);
      tools.answer(found, renderFields(found));
    });
  network
    .command('delete')
    .description('delete a network in which no instance holds an address')
    .argument('<network>', 'label or UUID')
    .addHelpText('after', '\nExample:\n  novanet network delete private')
    .action(async (name: string) => {
      const api = tools.api();
      const found = findNetwork(await api.networks(), name);
      await api.deleteNetwork(found.id);
      tools.answer(found, `Deleted network ${found.label} (${found.id}).`);
    });
}

function renderNetworks(networks: readonly ApiNetwork[]): string {
  if (networks.length === 0) {
    return 'There are no networks yet: novanet network create --help shows how to make one.';
  }
  return renderTable(
    columns,
    networks.map((network) => columns.map((column) => network[column] ?? null)),
  );
}
