// npm run bench -- COMMAND: see bench/README.md.
import { join } from 'node:path';
import process from 'node:process';

import { prepare } from './prepare.mjs';
import { runMain } from './progress.mjs';
import { checkout, runInForeground } from './run-program.mjs';

await runMain(async () => {
  const node = await prepare({ command: 'npm run bench', debian: 'lab' });
  return runInForeground([node, join(checkout, 'bench/dist/main.js'), ...process.argv.slice(2)]);
});
