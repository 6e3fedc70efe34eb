import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { titleOf, type AnyOption } from './option.js';
import { OPTIONS } from './options.js';

const root = join(import.meta.dirname, '../../..');

/** The names of all properties that some program or library reads; other options' defaults refer to state_path. */
function wordsOfTheCode(): ReadonlySet<string> {
  const files = globSync('{apps,libs}/*/src/**/*.ts', { cwd: root }).filter(
    (file) => !file.startsWith('libs/config/') && !file.endsWith('.spec.ts'),
  );
  const text = files.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
  return new Set([...text.matchAll(/\w+/g)].map(([word]) => word).concat('statePath'));
}

it('every option is read by somebody', () => {
  const words = wordsOfTheCode();
  const unread = Object.entries<AnyOption>(OPTIONS).filter(([key]) => !words.has(key));
  expect(unread.map(([, row]) => titleOf(row))).toEqual([]);
});
