// npm run docs: the pages of docs/ as HTML in .novanet/docs. Fails when a link leads nowhere.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';

import { brokenLinks, htmlOf, pagesOf } from './docs/pages.mjs';
import { runMain, UserError } from './progress.mjs';
import { checkout } from './run-program.mjs';

const target = join(checkout, '.novanet/docs');

await runMain(async () => {
  const pages = pagesOf(checkout);
  const broken = brokenLinks(checkout, pages);
  if (broken.length > 0) throw new UserError(`links that lead nowhere:\n${broken.join('\n')}`);
  rmSync(target, { recursive: true, force: true });
  for (const page of pages) {
    const file = join(target, page.path.replace(/\.md$/, '.html'));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, htmlOf(page));
  }
  cpSync(join(checkout, 'docs/openapi.json'), join(target, 'docs/openapi.json'));
  console.log(`${pages.length} pages: file://${join(target, 'README.html')}`);
  return process.exitCode ?? 0;
});
