// npm start: a cloud on this machine, with one demo instance, until Ctrl-C. With --once: the same, as a check.
import { join } from 'node:path';
import process from 'node:process';

import { prepare } from './prepare.mjs';
import { runMain } from './progress.mjs';
import { checkout, runInForeground } from './run-program.mjs';

await runMain(async () => {
  const node = await prepare({ command: 'npm start', debian: 'lab' });
  return runInForeground([node, join(checkout, 'lab/dist/main.js'), 'demo', ...process.argv.slice(2)]);
});
