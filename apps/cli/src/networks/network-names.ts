import { Option, type Command } from 'commander';
import { alsoCalled } from '../grammar/command-facts.js';
import { cellOf } from '../terminal/table.js';
import type { ApiNetwork } from './api-network.js';

/** The two options by which nova-manage named a network. */
export function addNameOptions(command: Command): Command {
  return command
    .addOption(alsoCalled(new Option('--fixed-range <range>', 'the network with this range'), 'network'))
    .addOption(new Option('--uuid <uuid>', 'the network with this UUID'));
}

/** "network private (10.0.0.0/24, 8b0a2e5c-…)" */
export function nameOf(network: ApiNetwork): string {
  return `network ${network.label} (${cellOf(network['cidr'] ?? network['cidr_v6'])}, ${network.id})`;
}
