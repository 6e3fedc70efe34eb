// Builds every package, unless nothing changed since the last build.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { step, UserError } from './progress.mjs';
import { checkout, runQuietly } from './run-program.mjs';

const stamp = join(checkout, '.novanet', 'built');

/** Throws UserError with the compiler's first complaint. */
export async function build() {
  if (isBuilt()) return;
  const started = new Date();
  await step('building', async () => {
    const { exitCode, output, logFile } = await runQuietly(['tsc', '-b']);
    if (exitCode === 0) return;
    const complaint = output.split('\n').find((line) => /error TS/.test(line));
    throw new UserError(`the build failed${complaint ? `: ${complaint.trim()}` : ''} (${logFile}).`);
  });
  mkdirSync(dirname(stamp), { recursive: true });
  // The time of the beginning: what was edited meanwhile is built next time.
  writeFileSync(stamp, started.toISOString());
}

function isBuilt() {
  const folders = packageFolders();
  if (!existsSync(stamp) || folders.some((folder) => !existsSync(join(folder, 'dist')))) return false;
  const builtAt = Date.parse(readFileSync(stamp, 'utf8'));
  const shared = ['package-lock.json', 'tsconfig.base.json'].map((name) => join(checkout, name));
  return [...shared, ...folders.flatMap(sourcesOf)].every((file) => statSync(file).mtimeMs < builtAt);
}

function packageFolders() {
  const groups = ['apps', 'libs'].flatMap((group) =>
    readdirSync(join(checkout, group)).map((name) => join(checkout, group, name)),
  );
  const tools = ['lab', 'bench'].map((name) => join(checkout, name));
  return [...groups, ...tools].filter((folder) => existsSync(join(folder, 'tsconfig.json')));
}

/** A package's sources and its settings; folders count, too, because a deleted file changes them. */
function sourcesOf(folder) {
  const source = join(folder, 'src');
  const entries = readdirSync(source, { recursive: true }).map((name) => join(source, name));
  return [join(folder, 'package.json'), join(folder, 'tsconfig.json'), source, ...entries];
}
