import type { Command } from 'commander';
import type { CommandTools } from '../command-tools.js';
import { withExamples } from '../grammar/command-facts.js';
import { cellOf, renderTable } from '../terminal/table.js';
import { createPool, deletePool, listPools } from './api-floating-ip.js';

/** Adds everything below `novanet floating pool`. */
export function poolCommands(pool: Command, tools: CommandTools): void {
  const list = pool.command('list').description('list the pools, with how much is left in them');
  withExamples(list, 'novanet floating pool list');
  list.action(async () => {
    const pools = await listPools(tools.api());
    const columns = ['name', 'total', 'free', 'allocated', 'associated'];
    const rows = pools.map((each) => columns.map((column) => cellOf(each[column])));
    tools.answer(pools, pools.length > 0 ? renderTable(columns, rows) : 'There are no pools yet.');
  });

  const create = pool.command('create').description('make an empty pool').argument('<name>', 'its name');
  withExamples(create, 'novanet floating pool create public');
  create.action(async (name: string) => {
    tools.report(await createPool(tools.api(), name), `Pool ${name} created.`);
  });

  const remove = pool.command('delete').description('delete an empty pool').argument('<name>', 'its name');
  withExamples(remove, 'novanet floating pool delete public --yes');
  remove.action(async (name: string) => {
    await tools.confirm(`delete pool ${name}`);
    await deletePool(tools.api(), name);
    tools.report({ name }, `Pool ${name} deleted.`);
  });
}
