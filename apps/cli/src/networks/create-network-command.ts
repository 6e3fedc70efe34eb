import type { Command } from 'commander';
import { CliFailure } from '../cli-failure.error.js';
import type { CommandTools } from '../command-tools.js';
import { withExamples } from '../grammar/command-facts.js';
import { renderFields } from '../terminal/table.js';
import { createNetworks } from './api-network.js';
import { createOptions } from './create-options.js';
import { CACTUS_LABEL, readCreateWords } from './create-words.js';
import { addFieldOptions, givenBy, readFields, type Given } from './network-fields.js';
import { renderNetworks } from './render-networks.js';
import { describeRemainder, describeTooMany } from './range-share.js';

/** Adds `novanet network create`. */
export function createNetworkCommand(network: Command, tools: CommandTools): void {
  const create = network
    .command('create')
    .description('create a network, or cut a range into several, and print them')
    .argument(
      '[words...]',
      'label, range, number of networks, size, … as nova-manage took them; or range, …',
    );
  addFieldOptions(create, createOptions);
  withExamples(
    create,
    'novanet network create private --fixed-range-v4 10.0.0.0/24 --bridge br100 --bridge-interface eth1',
    'novanet network create private 192.168.0.0/24 1 256',
    'novanet network create 10.0.0.0/8 3 16',
    'novanet network create web --cidr 10.1.0.0/16 --bridge br101 --multi-host --allowed-start 10.1.1.0',
    'novanet network create team-a --cidr 10.2.0.0/24 --vlan 120 --project 7c0ce0b51c8b4b6d',
  ).addHelpText('after', '\nWhat is not given is decided by the configuration of the network workers.');
  create.action(async (words: readonly string[]) => {
    const given = allGiven(words, givenBy(create, createOptions));
    const request = readFields(given, createOptions);
    refuseImpossible(given);
    const made = await createNetworks(tools.api(), request);
    const [first, ...others] = made;
    tools.report(
      others.length > 0 ? made : first,
      others.length > 0 ? renderNetworks(made) : renderFields(first ?? {}),
    );
    const { cidr, vlan } = request;
    const remainder = describeRemainder(cidr?.toString(), made);
    if (remainder !== undefined) tools.warn(remainder);
    if (vlan !== undefined && first?.['vlan'] !== vlan) {
      tools.warn(`warning: the network is not on VLAN ${vlan}; the workers' network manager decides that.`);
    }
  });
}

/** Words and options together. Throws CliFailure. */
function allGiven(words: readonly string[], options: Given): Given {
  const { given, isCactus } = readCreateWords(words);
  const twice = [...options.keys()].find((field) => given.has(field));
  if (twice !== undefined) {
    throw new CliFailure(
      'usage',
      `${twice} is given twice: "${given.get(twice)}" by its place, "${options.get(twice)}" by its option.`,
    );
  }
  const all = new Map([...(isCactus ? [['label', CACTUS_LABEL] as const] : []), ...given, ...options]);
  // nova-manage passed over what was empty.
  return new Map([...all].filter(([, text]) => text !== ''));
}

function refuseImpossible(given: Given): void {
  const sentences = [
    ...(given.has('label') ? [] : ['label is required to create a network: give one with --label.']),
    ...(given.has('cidr') || given.has('cidr_v6')
      ? []
      : [
          'cidr or cidr_v6 is required to create a network: give one with --fixed-range-v4 or --fixed-range-v6.',
        ]),
  ];
  const tooMany = describeTooMany(given);
  if (tooMany !== undefined) sentences.push(tooMany);
  if (sentences.length > 0) throw new CliFailure('usage', sentences.join('\n'));
}
