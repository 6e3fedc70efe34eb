import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const page = new URL('../../../../docs/compatibility.md', import.meta.url);
const packages = new URL('../../../', import.meta.url);

/** The rows of the table: where the test is, and its name, after that of its group. */
function rowsOfTable(): { readonly file: string; readonly names: readonly string[] }[] {
  const text = readFileSync(page, 'utf8')
    .split("## What nova-network's hosts got wrong")[1]
    ?.split('\n## ')[0];
  const rows = (text ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (-|nova-n)/.test(line));
  return rows.map((row) => {
    const [, name = '', file = ''] = /\| ([^|]*?) *\| `([^|`]*)` *\|$/.exec(row) ?? [];
    return { file, names: name.split(' › ') };
  });
}

/** What stands between quotes. */
function namesIn(source: string): Set<string> {
  return new Set(
    [...source.matchAll(/'([^'\n]+)'|"([^"\n]+)"/g)].map(([, one, other]) => one ?? other ?? ''),
  );
}

test('docs/compatibility.md names the test of each of the twenty faults, and every test here', () => {
  const rows = rowsOfTable();
  expect(rows).toHaveLength(20);
  const missing = rows.filter(({ file, names }) => {
    const known = namesIn(readFileSync(new URL(file, packages), 'utf8'));
    return !names.every((name) => known.has(name));
  });
  expect(missing).toEqual([]);
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.netns.spec.ts'));
  const own = files.flatMap((file) =>
    [...readFileSync(new URL(file, import.meta.url), 'utf8').matchAll(/^test\(\s*'(.*)', async/gm)].map(
      ([, name]) => name,
    ),
  );
  expect(rows.flatMap(({ names }) => names)).toEqual(expect.arrayContaining(own));
  expect(own.length).toBeGreaterThan(8);
});
