import { ConfigurationError, loadSettings, type ConfigurationSources, type Settings } from '@novanet/config';
import { planHost } from '@novanet/host-plan';
import { LinuxHost, type CommandRunner, type ConvergeReport } from '@novanet/linux-net';
import { hostSettings } from '../hosts/host-intent.js';

const HELP = `Usage: drain [--config-file FILE]... [--help]

Takes away everything that the network worker made on this host: bridges and VLAN devices, addresses, rules, DHCP
servers and their files. Interfaces get back the addresses and routes that had moved to a bridge; what others made
stays, and so does the forwarding of packets. Instances that are still here lose their network.

The worker of this host has to be stopped before, and makes everything again when it is started. To be run by root,
with the worker's configuration; it may be run again.

Prints a line for each thing that was removed. Exit codes: 0 when nothing of ours is left, 1 when something is (standard
error says what, and why), 2 when the command line or the configuration is wrong.`;

/** Where the command writes to. */
export interface Terminal {
  say(text: string): void;
  complain(text: string): void;
}

const PROBE_MS = 1000;

/** The command `drain` of the worker's program. Answers the exit code. */
export async function runDrain(
  sources: ConfigurationSources,
  terminal: Terminal,
  runner: CommandRunner,
): Promise<number> {
  if (sources.argv.some((word) => word === '--help' || word === '-h')) {
    terminal.say(HELP);
    return 0;
  }
  try {
    const settings = loadSettings(sources);
    await refuseBesideWorker(settings);
    const nothing = { networks: [], floatingIps: [], names: [], filters: undefined };
    const plan = planHost({ settings: hostSettings(settings), ...nothing });
    return tell(await new LinuxHost(runner).drain(plan), terminal);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const sentences = error instanceof ConfigurationError ? error.problems : [error.message];
    for (const sentence of sentences) terminal.complain(`drain: ${sentence}`);
    return error instanceof ConfigurationError ? 2 : 1;
  }
}

/** It would make everything again at once. */
async function refuseBesideWorker({ healthListen, workerHealthPort }: Settings): Promise<void> {
  const host = healthListen.version === 6 ? `[${healthListen.toString()}]` : healthListen.toString();
  try {
    await fetch(`http://${host}:${workerHealthPort}/health/live`, { signal: AbortSignal.timeout(PROBE_MS) });
  } catch {
    return;
  }
  throw new Error(`the worker of this host runs (it answers on port ${workerHealthPort}): stop it first`);
}

function tell({ changes, problems }: ConvergeReport, terminal: Terminal): number {
  for (const { stage, subjects } of changes) {
    for (const subject of subjects) terminal.say(`removed ${subject} (${stage})`);
  }
  if (changes.length === 0 && problems.length === 0) terminal.say('nothing of ours is on this host');
  for (const { subject, message } of problems) terminal.complain(`drain: ${subject}: ${message}`);
  return problems.length === 0 ? 0 : 1;
}
