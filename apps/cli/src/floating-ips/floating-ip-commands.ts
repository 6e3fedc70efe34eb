import type { Command } from 'commander';
import { CliFailure } from '../cli-failure.error.js';
import type { CommandTools } from '../command-tools.js';
import { withExamples } from '../grammar/command-facts.js';
import type { Fields } from '../http/api-answers.js';
import { cellOf, renderTable } from '../terminal/table.js';
import { addFloatingIps, listFloatingIps, removeFloatingIps } from './api-floating-ip.js';
import { poolCommands } from './pool-commands.js';

interface RangeOptions {
  readonly ipRange?: string;
  readonly pool?: string;
  readonly interface?: string;
  readonly force?: boolean;
}

const ranges =
  'An address, a block (without its first and last address; of a /31 both, of a /32 the one), a range A-B, or a list of these.';

/** Adds everything below `novanet floating`. */
export function floatingIpCommands(floating: Command, tools: CommandTools): void {
  createCommand(floating, tools);
  deleteCommand(floating, tools);
  listCommand(floating, tools);
  poolCommands(floating.command('pool').description('list, create and delete pools of floating IPs'), tools);
}

function createCommand(floating: Command, tools: CommandTools): void {
  const create = floating
    .command('create')
    .description('add addresses to a pool, all or none; a missing pool is made')
    .argument('[range]', 'as --ip-range')
    .argument('[pool]', 'as --pool')
    .argument('[interface]', 'as --interface')
    .option('--ip-range <range>', 'the addresses')
    .option('--pool <name>', 'default: default_floating_pool of the configuration')
    .option('--interface <name>', 'where hosts carry them; default: public_interface of each');
  withExamples(
    create,
    'novanet floating create --pool nova --ip-range 68.99.26.170/31',
    'novanet floating create 203.0.113.0/28 nova eth2',
  ).addHelpText('after', `\n${ranges}`);
  create.action(async (...words: (string | undefined)[]) => {
    const [range, poolWord, deviceWord] = words.slice(0, 3);
    const options = create.opts<RangeOptions>();
    const pool = options.pool ?? poolWord;
    const device = options.interface ?? deviceWord;
    const wanted = {
      ip_range: requireRange(options.ipRange ?? range),
      ...(pool && { pool }),
      ...(device && { interface: device }),
    };
    const made = await addFloatingIps(tools.api(), wanted);
    const count = cellOf(made['count']) ?? 'The';
    const things = count === 1 ? 'floating IP' : 'floating IPs';
    tools.report(made, `${count} ${things} of ${wanted.ip_range} added to pool ${made.pool}.`);
  });
}

function deleteCommand(floating: Command, tools: CommandTools): void {
  const remove = floating
    .command('delete')
    .description('take addresses out of their pools, all or none')
    .argument('[range]', 'as --ip-range')
    .option('--ip-range <range>', 'the addresses')
    .option('--force', 'also those that a project holds; instances lose them at once');
  withExamples(
    remove,
    'novanet floating delete 203.0.113.0/28',
    'novanet floating delete --ip-range 203.0.113.5 --force --yes',
  ).addHelpText('after', `\n${ranges}`);
  remove.action(async (word: string | undefined, { ipRange, force = false }: RangeOptions) => {
    const range = requireRange(ipRange ?? word);
    if (force)
      await tools.confirm(`delete the floating IPs of ${range}, and take them from whoever has them`);
    const removed = await removeFloatingIps(tools.api(), range, force);
    tools.report({ ip_range: removed }, `Floating IPs of ${removed} deleted.`);
  });
}

function listCommand(floating: Command, tools: CommandTools): void {
  const list = floating
    .command('list')
    .description('list the floating IPs of the cloud')
    .argument('[host]', 'as --host')
    .option('--host <host>', 'those that this host carries')
    .option('--pool <name>', 'of this pool');
  withExamples(list, 'novanet floating list', 'novanet floating list --host compute1 --pool nova');
  list.action(
    async (word: string | undefined, options: { readonly host?: string; readonly pool?: string }) => {
      const all = await listFloatingIps(tools.api(), options.host ?? word);
      const { pool } = options;
      const found = pool === undefined ? all : all.filter((each) => each['pool'] === pool);
      tools.answer(found, renderFloatingIps(found, pool));
    },
  );
}

function requireRange(range: string | undefined): string {
  if (range) return range;
  throw new CliFailure('usage', 'Which addresses? --ip-range names them, as 203.0.113.0/28.');
}

function renderFloatingIps(found: readonly Fields[], pool: string | undefined): string {
  if (found.length === 0 && pool !== undefined) {
    return `There are no floating IPs in pool ${pool}; novanet floating pool list shows what exists.`;
  }
  if (found.length === 0) return 'No floating IP addresses have been defined.';
  const columns = ['project_id', 'address', 'instance_uuid', 'pool', 'interface'];
  return renderTable(
    columns,
    found.map((each) => columns.map((column) => cellOf(each[column]))),
  );
}
