import type { Command } from 'commander';
import { CliFailure } from '../cli-failure.error.js';
import type { CommandTools } from '../command-tools.js';
import { withExamples } from '../grammar/command-facts.js';
import type { Fields } from '../http/api-answers.js';
import { renderFields } from '../terminal/table.js';
import { changeNetwork, listNetworks } from './api-network.js';
import { findNamed } from './find-network.js';
import { addNameOptions } from './network-names.js';
import { addFieldOptions, givenBy, readFields, type FieldOption, type Given } from './network-fields.js';
import { integer, ip, text, vlan } from './option-values.js';

const owners: readonly FieldOption[] = [
  {
    flags: '--project <id>',
    about: 'give it to this project',
    field: 'project_id',
    read: text,
    also: ['project-id'],
  },
  { flags: '--host <host>', about: 'this host serves it', field: 'host', read: text },
];
const fields: readonly FieldOption[] = [
  ...owners,
  { flags: '--label <text>', about: 'its name', field: 'label', read: text },
  { flags: '--gateway <address>', about: 'router of the instances', field: 'gateway', read: ip(4) },
  { flags: '--gateway-v6 <address>', about: 'the same of IPv6', field: 'gateway_v6', read: ip(6) },
  { flags: '--dns1 <address>', about: 'name server', field: 'dns1', read: ip() },
  { flags: '--dns2 <address>', about: 'second name server', field: 'dns2', read: ip() },
  { flags: '--bridge <name>', about: 'bridge on every host', field: 'bridge', read: text },
  {
    flags: '--bridge-interface <name>',
    about: 'interface that goes into the bridge',
    field: 'bridge_interface',
    read: text,
  },
  { flags: '--vlan <id>', about: 'VLAN, 1 to 4094', field: 'vlan', read: vlan },
  { flags: '--mtu <bytes>', about: 'MTU of the bridge and the instances', field: 'mtu', read: integer },
  {
    flags: '--dhcp-start <address>',
    about: 'first address that DHCP gives',
    field: 'dhcp_start',
    read: ip(4),
  },
  { flags: '--priority <number>', about: 'kept, without effect', field: 'priority', read: integer },
  {
    flags: '--vpn-public-address <address>',
    about: 'where the VPN is reached',
    field: 'vpn_public_address',
    read: ip(4),
  },
  { flags: '--vpn-public-port <port>', about: 'and at which port', field: 'vpn_public_port', read: integer },
];

interface ModifyOptions {
  readonly fixedRange?: string;
  readonly uuid?: string;
  readonly disassociateProject?: boolean;
  readonly disassociateHost?: boolean;
}

/** Adds `novanet network modify`. */
export function modifyNetworkCommand(network: Command, tools: CommandTools): void {
  const modify = network
    .command('modify')
    .alias('update')
    .description('change a network; hosts that serve it follow at once')
    .argument('[network]', 'label, UUID or range')
    .argument('[project]', 'nova-manage: as --project')
    .argument('[host]', 'nova-manage: as --host');
  addNameOptions(modify)
    .option('--disassociate-project', 'take it from its project')
    .option('--disassociate-host', 'take it from its host');
  addFieldOptions(modify, fields);
  withExamples(
    modify,
    'novanet network modify private --gateway 10.0.0.254 --dns1 9.9.9.9',
    'novanet network modify private --dns2 none',
    'novanet network modify --fixed-range 10.0.0.0/24 --project 7c0ce0b51c8b4b6d --host compute2',
    'novanet network modify --fixed-range 10.0.0.0/24 --disassociate-project',
  ).addHelpText('after', '\nThe value none (or an empty one) takes away what the network has.');
  modify.action(async (word: string | undefined, project?: string, host?: string) => {
    const options = modify.opts<ModifyOptions>();
    const placed = placedWords(options, word, project, host);
    const changes = changesOf(new Map([...placed.given, ...givenBy(modify, fields)]), options);
    const api = tools.api();
    const found = findNamed(await listNetworks(api), placed);
    const changed = await changeNetwork(api, found.id, changes);
    tools.report(changed, renderFields(changed));
  });
}

/** nova-manage counted its words from the range on, whichever of them an option said. */
function placedWords({ fixedRange, uuid }: ModifyOptions, ...words: readonly (string | undefined)[]) {
  const [word, project, host] = fixedRange || uuid ? [undefined, ...words] : words;
  const given: [string, string][] = [];
  if (project) given.push(['project_id', project]);
  if (host) given.push(['host', host]);
  return { word, uuid, fixedRange, given };
}

/** Throws CliFailure. */
function changesOf(given: Given, { disassociateProject, disassociateHost }: ModifyOptions): Fields {
  const isTaken = disassociateProject === true || disassociateHost === true;
  if (isTaken && owners.some(({ field }) => given.has(field))) {
    throw new CliFailure('refused', 'Unexpected arguments provided. Please use separate commands.');
  }
  const [taken, set] = [...given].reduce<[string[], [string, string][]]>(
    (parts, [field, value]) => {
      if (value === '' || value.toLowerCase() === 'none') parts[0].push(field);
      else parts[1].push([field, value]);
      return parts;
    },
    [[], []],
  );
  const changes = {
    ...readFields(new Map(set), fields),
    ...Object.fromEntries(taken.map((field) => [field, null])),
    ...(disassociateProject && { project_id: null }),
    ...(disassociateHost && { host: null }),
  };
  if (Object.keys(changes).length === 0) {
    throw new CliFailure('usage', 'Say what is to be changed: novanet network modify --help lists it.');
  }
  return changes;
}
