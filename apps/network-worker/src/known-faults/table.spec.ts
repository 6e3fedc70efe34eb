import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const page = new URL('../../../../docs/compatibility.md', import.meta.url);

test('docs/compatibility.md names the test of each of the sixteen faults, and every test here', () => {
  const section = readFileSync(page, 'utf8').split('## What nova-network got wrong')[1]?.split('\n## ')[0];
  const rows = (section ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (-|nova-n)/.test(line));
  const named = rows.map((row) => /`([\w.-]+\.spec\.ts)` *\|$/.exec(row)?.[1]);
  const own = readdirSync(import.meta.dirname).filter((name) => /\.(int|netns)\.spec\.ts$/.test(name));
  expect(named).toHaveLength(16);
  expect(new Set(named)).toEqual(new Set(own));
});
