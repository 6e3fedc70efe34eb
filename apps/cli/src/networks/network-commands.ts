import type { Command } from 'commander';
import type { CommandTools } from '../command-tools.js';
import { withExamples } from '../grammar/command-facts.js';
import { renderFields } from '../terminal/table.js';
import { deleteNetwork, listNetworks } from './api-network.js';
import { convertNetworkCommand } from './convert-network-command.js';
import { createNetworkCommand } from './create-network-command.js';
import { findNamed, findNetwork } from './find-network.js';
import { modifyNetworkCommand } from './modify-network-command.js';
import { addNameOptions, nameOf } from './network-names.js';
import { renderNetworks } from './render-networks.js';

/** Adds everything below `novanet network`. */
export function networkCommands(network: Command, tools: CommandTools): void {
  createNetworkCommand(network, tools);
  listCommand(network, tools);
  showCommand(network, tools);
  modifyNetworkCommand(network, tools);
  convertNetworkCommand(network, tools);
  deleteCommand(network, tools);
}

function listCommand(network: Command, tools: CommandTools): void {
  const list = network.command('list').description('list the networks');
  withExamples(list, 'novanet network list', "novanet network list --json | jq -r '.[].cidr'");
  list.action(async () => {
    const networks = await listNetworks(tools.api());
    tools.answer(networks, renderNetworks(networks));
  });
}

function showCommand(network: Command, tools: CommandTools): void {
  const show = network
    .command('show')
    .description('show one network with all its fields')
    .argument('<network>', 'label, UUID or range');
  withExamples(show, 'novanet network show private');
  show.action(async (name: string) => {
    const found = findNetwork(await listNetworks(tools.api()), name);
    tools.answer(found, renderFields(found));
  });
}

function deleteCommand(network: Command, tools: CommandTools): void {
  const command = network
    .command('delete')
    .description('delete a network in which no instance holds an address')
    .argument('[network]', 'label, UUID or range')
    .argument('[uuid]', 'nova-manage: the UUID, which counts more');
  withExamples(
    addNameOptions(command),
    'novanet network delete private',
    'novanet network delete --fixed-range 10.0.0.0/24 --yes',
  );
  command.action(
    async (
      word: string | undefined,
      second: string | undefined,
      { fixedRange, uuid = second }: { readonly fixedRange?: string; readonly uuid?: string },
    ) => {
      const api = tools.api();
      const found = findNamed(await listNetworks(api), { word, uuid, fixedRange });
      await tools.confirm(`delete ${nameOf(found)}`);
      await deleteNetwork(api, found);
      tools.report(found, `Deleted ${nameOf(found)}.`);
    },
  );
}
