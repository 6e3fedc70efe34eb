import { Option, type Command } from 'commander';
import { CliFailure } from '../cli-failure.error.js';
import type { CommandTools } from '../command-tools.js';
import { withExamples } from '../grammar/command-facts.js';
import type { Fields } from '../http/api-answers.js';
import type { ApiClient } from '../http/api-client.js';
import { listNetworks, type ApiNetwork } from '../networks/api-network.js';
import { findNetwork } from '../networks/find-network.js';
import { cellOf, renderTable } from '../terminal/table.js';
import { listFixedIps, switchReservation, type FixedIpFilter } from './api-fixed-ip.js';

interface ListOptions {
  readonly host?: string;
  readonly network?: string;
  readonly instance?: string;
  readonly allocated?: boolean;
  readonly state?: 'allocated' | 'reserved' | 'leased';
}

/** Adds everything below `novanet fixed`. */
export function fixedIpCommands(fixed: Command, tools: CommandTools): void {
  listCommand(fixed, tools);
  reservationCommand(fixed, tools, 'reserve', 'keep an address from being given to instances');
  reservationCommand(fixed, tools, 'unreserve', 'let instances be given an address again');
}

function listCommand(fixed: Command, tools: CommandTools): void {
  const list = fixed
    .command('list')
    .description('list the fixed IPs that are or were in use, or reserved')
    .argument('[host]', 'as --host')
    .option('--host <host>', 'of instances on this compute host')
    .option('--network <network>', 'of this network: label, UUID or range')
    .option('--instance <uuid>', 'of this instance')
    .option('--allocated', 'those that instances have; as --state allocated')
    .addOption(new Option('--state <state>', 'which').choices(['allocated', 'reserved', 'leased']));
  withExamples(
    list,
    'novanet fixed list',
    'novanet fixed list --host compute1 --allocated',
    'novanet fixed list --network private --state reserved',
  );
  list.action(async (word: string | undefined, options: ListOptions) => {
    const { network, instance, allocated, state } = options;
    if (instance && !isUuid(instance)) {
      throw new CliFailure('usage', `instance: "${instance}" is not a UUID, which novanet fixed list shows.`);
    }
    const api = tools.api();
    const filter: FixedIpFilter = {
      network,
      host: options.host ?? word,
      instance,
      state: allocated ? 'allocated' : state,
    };
    const found = await listFixedIps(api, filter);
    if (network && found.length === 0) await refuseUnknown(api, network);
    tools.answer(found, renderFixedIps(found));
  });
}

const isUuid = (text: string) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);

/** An empty list says nothing of a network that does not exist. Throws CliFailure. */
async function refuseUnknown(api: ApiClient, network: string): Promise<void> {
  const isCalledSo = (each: ApiNetwork) => each.label === network;
  const networks = await listNetworks(api);
  if (!networks.some(isCalledSo)) findNetwork(networks, network);
}

function reservationCommand(
  fixed: Command,
  tools: CommandTools,
  action: 'reserve' | 'unreserve',
  about: string,
): void {
  const command = fixed
    .command(action)
    .description(about)
    .argument('[address]', 'as --address')
    .option('--address <address>', 'the address');
  withExamples(command, `novanet fixed ${action} --address 10.0.0.9`, `novanet fixed ${action} 10.0.0.9`);
  command.action(async (word: string | undefined, { address = word }: { readonly address?: string }) => {
    if (!address) throw new CliFailure('usage', 'Which address? --address names it.');
    await switchReservation(tools.api(), address, action);
    tools.report({ address, reserved: action === 'reserve' }, `Fixed IP ${address} ${action}d.`);
  });
}

function renderFixedIps(found: readonly Fields[]): string {
  if (found.length === 0) return 'No fixed IP found.';
  return renderTable(
    ['network', 'IP address', 'hostname', 'host', 'state', 'instance'],
    found.map((each) => [
      ...['cidr', 'address', 'hostname', 'host'].map((field) => cellOf(each[field])),
      stateOf(each),
      cellOf(each['instance_uuid']),
    ]),
  );
}

function stateOf(fixedIp: Fields): string | null {
  const states = ['allocated', 'leased', 'reserved'].filter((name) => fixedIp[name] === true);
  const role = cellOf(fixedIp['role']);
  const isOwn = role === 'instance' || role === 'reserved' || role === null;
  return [...states, ...(isOwn ? [] : [`(${role})`])].join(' ') || null;
}
