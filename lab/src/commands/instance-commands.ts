import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

import { inNamespace } from '@novanet/testbed';
import type { Command } from 'commander';

import { ipv4Of } from '../cloud/network-info.js';
import { type BootedInstance, bootInstance, deleteInstance } from '../instances/boot.js';
import { LabError } from '../plan/lab-error.js';
import { openLab } from '../state/open-lab.js';
import type { Progress } from '../terminal/progress.js';
import { collect, parsePair } from './parse.js';

interface BootCommandOptions {
  readonly lab: string;
  readonly host: string;
  readonly project: string;
  readonly network: readonly string[];
  readonly userData?: string;
  readonly publicKey?: string;
  readonly meta: Readonly<Record<string, string>>;
  readonly json?: boolean;
}

/** `boot`, `exec` and `delete`. */
export function addInstanceCommands(program: Command, progress: Progress): void {
  program
    .command('boot <name>')
    .description('boot an instance, as a compute service does')
    .option('--lab <name>', 'name of the lab', 'default')
    .option('--host <host>', 'where it runs', 'h1')
    .option('--project <id>', 'whose it is', 'demo')
    .option(
      '--network <network>',
      'uuid or label; repeated: a NIC in each (default: as the cloud gives)',
      collect,
      [],
    )
    .option('--user-data <file>', 'user data for its metadata')
    .option('--public-key <file>', 'SSH public key for its metadata')
    .option('--meta <key=value>', 'for its metadata; may be repeated', parsePair, {})
    .option('--json', 'print name, uuid, host, netns and network_info as JSON')
    .action(async (name: string, options: BootCommandOptions) => {
      const lab = openLab(options.lab);
      const { host, project, network, userData, publicKey, meta } = options;
      const wanted = {
        name,
        host,
        project,
        meta,
        networks: network,
        ...(userData !== undefined && { userData: readOption('--user-data', userData) }),
        ...(publicKey !== undefined && { publicKey: readOption('--public-key', publicKey).trim() }),
      };
      const booted = await progress.step(`booting ${name}`, () => bootInstance(lab, wanted));
      process.stdout.write(`${options.json ? documentOf(booted) : describe(booted)}\n`);
    });
  program
    .command('exec <name> [command...]')
    .usage('[options] <name> -- <command...>')
    .description('run a command inside an instance')
    .option('--lab <name>', 'name of the lab', 'default')
    .action(async (name: string, command: readonly string[], { lab }: { lab: string }) => {
      const { netns } = openLab(lab).folder.instance(name);
      process.exitCode = await runInside(netns, command.length > 0 ? command : ['sh']);
    });
  program
    .command('delete <name>')
    .description('unplug an instance and give its addresses back')
    .option('--lab <name>', 'name of the lab', 'default')
    .action(async (name: string, { lab }: { lab: string }) => {
      const open = openLab(lab);
      await progress.step(`deleting ${name}`, () => deleteInstance(open, name));
    });
}

function readOption(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new LabError(`the file given with ${option} cannot be read: ${file}.`, { cause: error });
  }
}

function documentOf({ record: { name, uuid, host, netns, network_info } }: BootedInstance): string {
  return JSON.stringify({ name, uuid, host, netns, network_info }, undefined, 2);
}

function describe({ record, nics }: BootedInstance): string {
  const lines = nics.map(({ vif, device, lease }) => {
    const how = lease ? `by DHCP from ${lease.server}` : 'without DHCP';
    return `  ${device}  ${ipv4Of(vif)?.address ?? 'no IPv4 address'} ${how}, network ${vif.network.label}, MAC ${vif.address}`;
  });
  return [
    `Instance ${record.name} (${record.uuid}) runs on ${record.host} in namespace ${record.netns}`,
    ...lines,
  ].join('\n');
}

/** On this terminal; answers the command's exit code. */
async function runInside(netns: string, command: readonly string[]): Promise<number> {
  const [program = '', ...args] = inNamespace(netns, command);
  const child = spawn(program, args, { stdio: 'inherit' });
  // Ctrl-C is for the command inside.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', (name) => child.kill(name));
  const [code, signal]: unknown[] = await once(child, 'close');
  if (typeof code === 'number') return code;
  return 128 + (Object.entries(constants.signals).find(([name]) => name === signal)?.[1] ?? 0);
}
