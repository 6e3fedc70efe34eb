import { ConfigurationError, loadSettings, type ConfigurationSources, type Settings } from '@novanet/config';
import { LinuxHost, type CommandRunner, type HostExamination } from '@novanet/linux-net';
import { managerTraits } from '@novanet/network-managers';
import type { Logger } from '@novanet/observability';
import { createIpam, describeSchema, openDatabase } from '@novanet/persistence';
import { ownServers } from '../hosts/own-servers.js';
import type { Terminal } from '../drain/drain-command.js';
import { examinationAnswer } from './examination-answer.js';
import { OwnDoctor } from './host-doctor.js';

const HELP = `Usage: doctor [--config-file FILE]... [--json] [--help]

Compares this host with what the database says of it, and says what is wrong: the first thing to mend, why, and by what
command. Changes nothing. It needs neither the broker nor the worker; one that starts mends what it can. To be run by
root, with the worker's configuration. The doctor of the whole cloud is "novanet doctor".

Exit codes: 0 when nothing is wrong, 1 when something is or the host or its database cannot be looked at (standard error
says why), 2 when the command line or the configuration is wrong.`;

const JSON_SWITCH = '--json';

/** So long the database may be away. */
const DATABASE_MS = 10_000;

/** The command `doctor` of the worker's program. Answers the exit code. */
export async function runDoctor(
  sources: ConfigurationSources,
  terminal: Terminal,
  { runner, log }: { readonly runner: CommandRunner; readonly log: Logger },
): Promise<number> {
  if (sources.argv.some((word) => word === '--help' || word === '-h')) {
    terminal.say(HELP);
    return 0;
  }
  try {
    const argv = sources.argv.filter((word) => word !== JSON_SWITCH);
    const settings = loadSettings({ ...sources, argv });
    const examination = await examine(settings, runner, log);
    if (argv.length === sources.argv.length) tell(examination, settings, terminal);
    else terminal.say(JSON.stringify(examinationAnswer(settings.host, examination), undefined, 2));
    return examination.findings.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const sentences = error instanceof ConfigurationError ? error.problems : [error.message];
    for (const sentence of sentences) terminal.complain(`doctor: ${sentence}`);
    return error instanceof ConfigurationError ? 2 : 1;
  }
}

async function examine(settings: Settings, runner: CommandRunner, log: Logger): Promise<HostExamination> {
  const { databaseConnection: url } = settings;
  await requireCurrentSchema(url);
  const database = await openDatabase({ url, poolSize: 4, log, signal: AbortSignal.timeout(DATABASE_MS) });
  try {
    const linux = new LinuxHost(runner, { endpoints: ownServers(settings) });
    const traits = managerTraits(settings);
    return await new OwnDoctor({ ipam: createIpam(database), settings, traits, linux }).examine();
  } finally {
    await database.close();
  }
}

/** Opening it would change it. */
async function requireCurrentSchema(url: string): Promise<void> {
  const { pending } = await describeSchema(url);
  if (pending.length === 0) return;
  throw new Error(`the database lacks ${pending.join(', ')}: run novanet db migrate, or start the worker`);
}

function tell(examination: HostExamination, { host }: Settings, terminal: Terminal): void {
  const { findings, checked } = examinationAnswer(host, examination);
  for (const { check, ok } of checked) terminal.say(`${ok ? 'ok  ' : 'FAIL'} ${check}`);
  for (const { subject, problem, explanation, command, safe } of findings) {
    terminal.say(`${subject}: ${problem}\n     ${explanation}`);
    // The worker would do it now, were it there.
    const isOfWorker = safe && command?.startsWith('novanet ') === true;
    if (command !== null) terminal.say(`     ${isOfWorker ? 'start the worker: it mends this' : command}`);
  }
}
