import { environmentNameOf, titleOf, type AnyOption } from './option.js';
import { OPTION_CHAPTERS } from './options.js';

/** The text of --help. */
export function renderHelp(): string {
  const options = OPTION_CHAPTERS.flatMap(({ title, options: rows }) => [
    '',
    `${title}:`,
    ...Object.values<AnyOption>(rows).flatMap((row) => [
      `  ${titleOf(row)} (${row.type.name}; default: ${shownDefault(row)})`,
      `      ${row.help}`,
    ]),
  ]);
  return [
    'Usage: [--config-file FILE]... [--help] [--version]',
    '',
    'FILE is a nova.conf or an older flag file; of several, later ones win. Without it, /etc/novanet/novanet.conf is',
    'read if it exists. The environment variable NOVANET_<OPTION> wins over every file.',
    '',
    'Options and their defaults:',
    ...options,
  ].join('\n');
}

/** docs/options.md. */
export function renderOptionsPage(): string {
  const chapters = OPTION_CHAPTERS.flatMap(({ title, options: rows }) => [
    `## ${title}`,
    ...Object.entries<AnyOption>(rows).map(renderSection),
  ]);
  return `${[INTRODUCTION, ...chapters].join('\n\n')}\n`;
}

const INTRODUCTION = `# Options

Written by \`libs/config\` from its table of options; do not edit.

Services read the files given by \`--config-file\` (several: later ones win), else \`/etc/novanet/novanet.conf\`. A file is
a nova.conf, in which an option without \`[group]\` below stands in \`[DEFAULT]\`, or an older flag file
(\`--name=value\`). An option's environment variable wins over every file. \`$name\` in a value stands for
another option's value, \`$$\` for a dollar sign.`;

function renderSection([key, row]: [string, AnyOption]): string {
  const older = Object.keys(row.olderNames).map((name) => ` or \`${name}\``);
  return `### ${titleOf(row)}

${row.help}

- type: ${row.type.name}
- default: ${shownDefault(row)}
- set by: \`${titleOf(row)}\`${older.join('')}, environment variable \`${environmentNameOf(key)}\``;
}

function shownDefault(row: AnyOption): string {
  if (typeof row.default !== 'string') return row.default.shown;
  return row.default === '' ? 'none' : `\`${row.default}\``;
}
