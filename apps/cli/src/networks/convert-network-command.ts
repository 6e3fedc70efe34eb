import type { Command } from 'commander';
import { CliFailure } from '../cli-failure.error.js';
import type { CommandTools } from '../command-tools.js';
import { withExamples } from '../grammar/command-facts.js';
import { renderFields } from '../terminal/table.js';
import { convertNetwork, listNetworks } from './api-network.js';
import { findNetwork } from './find-network.js';
import { nameOf } from './network-names.js';

interface ConvertOptions {
  readonly multiHost?: boolean;
  readonly singleHost?: boolean;
  readonly host?: string;
}

/** Adds `novanet network convert`. */
export function convertNetworkCommand(network: Command, tools: CommandTools): void {
  const convert = network
    .command('convert')
    .description('have a network served by each host of its own, or by one for all')
    .argument('<network>', 'label, UUID or range')
    .option('--multi-host', 'each host is gateway and DHCP server of its own instances')
    .option('--single-host', 'one host is gateway and DHCP server of all')
    .option('--host <host>', 'with --single-host: this one; default: whichever takes it');
  withExamples(
    convert,
    'novanet network convert private --multi-host',
    'novanet network convert private --single-host --host compute1',
  );
  convert.action(async (name: string, { multiHost, singleHost, host }: ConvertOptions) => {
    if (Boolean(multiHost) === Boolean(singleHost) || (multiHost && host)) {
      throw new CliFailure('usage', 'Say --multi-host, or --single-host and maybe --host HOST.');
    }
    const api = tools.api();
    const found = findNetwork(await listNetworks(api), name);
    const kind = multiHost ? 'each host of its own' : `${host ?? 'one host'} alone`;
    await tools.confirm(`have ${nameOf(found)} served by ${kind}, and so interrupt its instances' traffic`);
    const wanted = { multi_host: multiHost === true, ...(host !== undefined && { host }) };
    const converted = await convertNetwork(api, found.id, wanted);
    tools.report(converted, renderFields(converted));
  });
}
