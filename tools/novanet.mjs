// npm run novanet -- COMMAND: the operator's command line, see apps/cli/README.md.
import { join } from 'node:path';
import process from 'node:process';

import { prepare } from './prepare.mjs';
import { runMain } from './progress.mjs';
import { checkout, runInForeground } from './run-program.mjs';

await runMain(async () => {
  const node = await prepare({ command: 'npm run novanet' });
  return runInForeground([node, join(checkout, 'apps/cli/dist/main.js'), ...process.argv.slice(2)]);
});
