// npm run lab -- COMMAND: see lab/README.md.
import { join } from 'node:path';
import process from 'node:process';

import { prepare } from './prepare.mjs';
import { runMain } from './progress.mjs';
import { checkout, runInForeground } from './run-program.mjs';

await runMain(async () => {
  const node = await prepare({ command: 'npm run lab', debian: 'lab' });
  return runInForeground([node, join(checkout, 'lab/dist/main.js'), ...process.argv.slice(2)]);
});
