import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { brokenLinks, htmlOf, pagesOf } from './pages.mjs';

const checkout = join(import.meta.dirname, '../..');

it('every link of the documentation leads somewhere', () => {
  const pages = pagesOf(checkout);
  expect(pages.map(({ path }) => path)).toContain('docs/architecture.md');
  expect(brokenLinks(checkout, pages)).toEqual([]);
});

describe('brokenLinks', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'novanet-docs-'));
    mkdirSync(join(folder, 'docs'));
    writeFileSync(join(folder, 'docs/b.md'), '# Some Heading\n');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each([
    ['docs/b.md', true],
    ['docs/b.md#some-heading', true],
    ['docs/b.md#other', false],
    ['docs/c.md', false],
    ['#here', true],
    ['#nowhere', false],
    ['../outside.md', false],
    ['https://example.org/', true],
  ])('%s leads somewhere: %s', (href, isGood) => {
    writeFileSync(join(folder, 'a.md'), `# Here\n\nSee [this](${href}).\n`);
    expect(brokenLinks(folder, pagesOf(folder))).toEqual(isGood ? [] : [`a.md:3: ${href}`]);
  });
});

it('pages lead to each other as HTML too', () => {
  const page = { path: 'docs/a.md', text: '# A\n\n[b](b.md#x) [c](https://example.org/c.md)\n' };
  const html = htmlOf(page);
  expect(html).toContain('<a href="../README.html">');
  expect(html).toContain('<a href="b.html#x">b</a> <a href="https://example.org/c.md">c</a>');
});
