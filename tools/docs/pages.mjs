// The project's pages of Markdown: what they are as HTML, and where their links lead.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

import MarkdownIt from 'markdown-it';
import anchor from 'markdown-it-anchor';

/**
 * @typedef {object} Page
 * @property {string} path from the checkout's folder
 * @property {string} text Markdown
 */

const never = ['**/node_modules/**', '**/dist/**', '.novanet/**', '.nx/**'];
// Headings get the names that the usual forges give them.
const slugify = (/** @type {string} */ title) =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
const markdown = new MarkdownIt({ html: false, linkify: false }).use(anchor, { slugify });

/** @param {string} checkout @returns {Page[]} */
export function pagesOf(checkout) {
  return globSync('**/*.md', { cwd: checkout, exclude: never })
    .sort()
    .map((path) => ({ path, text: readFileSync(join(checkout, path), 'utf8') }));
}

/**
 * `page:line: link` of all that lead to a file or a heading that there is not. Addresses of the web are not followed.
 * @param {string} checkout @param {readonly Page[]} pages
 */
export function brokenLinks(checkout, pages) {
  const headings = new Map(pages.map((page) => [page.path, headingsOf(page)]));
  return pages.flatMap((page) =>
    linksOf(page)
      .filter(({ href }) => !leadsSomewhere(checkout, headings, page, href))
      .map(({ href, line }) => `${page.path}:${line}: ${href}`),
  );
}

/** @param {string} checkout @param {ReadonlyMap<string, ReadonlySet<string>>} headings @param {Page} page @param {string} href */
function leadsSomewhere(checkout, headings, page, href) {
  if (/^[a-z]+:/.test(href)) return true;
  const [file = '', heading] = href.split('#').map(decodeURIComponent);
  const path = file === '' ? page.path : normalize(join(dirname(page.path), file));
  if (path.startsWith('..') || !existsSync(join(checkout, path))) return false;
  return heading === undefined || (headings.get(path)?.has(heading) ?? false);
}

/** @param {Page} page */
function linksOf({ text }) {
  return markdown.parse(text, {}).flatMap((block) =>
    (block.children ?? []).flatMap((token) => {
      const href = token.attrGet('href') ?? token.attrGet('src');
      return href === null ? [] : [{ href, line: (block.map?.[0] ?? 0) + 1 }];
    }),
  );
}

/** @param {Page} page */
function headingsOf({ text }) {
  const ids = markdown.parse(text, {}).map((token) => token.attrGet('id'));
  return new Set(ids.filter((id) => id !== null));
}

/** @param {Page} page */
export function htmlOf({ path, text }) {
  const title = /^# (.+)$/m.exec(text)?.[1] ?? path;
  const home = relative(dirname(path), 'README.html');
  const body = markdown.render(text).replaceAll(/(href="(?![a-z]+:)[^"#]*)\.md(#[^"]*)?"/g, '$1.html$2"');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${markdown.utils.escapeHtml(title)} · Novanet</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
pre { background: #f4f4f4; padding: .8rem; overflow-x: auto; }
table { border-collapse: collapse; } td, th { border: 1px solid #ccc; padding: .3rem .6rem; text-align: left; }
</style>
<p><a href="${home}">Novanet</a></p>
${body}`;
}
