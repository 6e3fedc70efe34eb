import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tryLab } from '../testing/run-lab.js';
import { isAsShown, stepsOf } from './guide-page.js';
import { GuideShell } from './guide-shell.js';

const LAB = 'sysguide';
const checkout = join(import.meta.dirname, '../../..');
const guides = readdirSync(join(checkout, 'docs/guides')).filter((name) => name.endsWith('.md'));
const pages = ['README.md', ...guides.map((name) => join('docs/guides', name))];

/** Follows a page to its end, or to the first command that does not do what the page says: what it did instead. */
async function follow(page: string): Promise<string> {
  const shell = new GuideShell(LAB);
  try {
    for (const { line, commands, printed: shown } of stepsOf(readFileSync(join(checkout, page), 'utf8'))) {
      const { exitCode, printed } = await shell.run(commands);
      const place = `${page}:${line}`;
      if (exitCode !== 0) return `${place} fails:\n${commands}\n\n${printed}`;
      if (shown !== null && !isAsShown(shown, printed)) {
        return `${place} prints something else:\n${printed}\n\nThe page shows:\n${shown}`;
      }
    }
    return 'it is as the page says';
  } finally {
    shell.close();
    await tryLab('down', '--lab', LAB);
  }
}

describe('every command works, and prints what is shown,', { timeout: 300_000 }, () => {
  it.each(pages)('in %s', async (page) => {
    expect(await follow(page)).toBe('it is as the page says');
  });
});
