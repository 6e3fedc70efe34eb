import type { Commands, Switches } from './command-line.js';
import { environmentNameOf, titleOf, type AnyOption } from './option.js';
import { OPTION_CHAPTERS } from './options.js';
import { WITHOUT_EFFECT } from './options-without-effect.js';

/** The text of --help of a program that understands these switches and commands besides. */
export function renderHelp(switches: Switches = {}, commands: Commands = {}): string {
  const words = Object.keys(switches).map((word) => ` [${word}]`);
  const explanations = Object.entries(switches).flatMap(([word, effect]) => ['', `${word}: ${effect}`]);
  const others = Object.entries(commands).map(
    ([word, effect]) => `   or: ${word}   ${effect}; see ${word} --help`,
  );
  const options = OPTION_CHAPTERS.flatMap(({ title, options: rows }) => [
    '',
    `${title}:`,
    ...Object.values<AnyOption>(rows).flatMap((row) => [
      `  ${titleOf(row)} (${row.type.name}; default: ${shownDefault(row)})`,
      `      ${row.help}`,
    ]),
  ]);
  return [
    `Usage: [--config-file FILE]...${words.join('')} [--help] [--version]`,
    ...others,
    '',
    'FILE is a nova.conf or an older flag file; of several, later ones win. Without it, /etc/novanet/novanet.conf is',
    'read if it exists. The environment variable NOVANET_<OPTION> wins over every file.',
    ...explanations,
    '',
    'Options and their defaults:',
    ...options,
  ].join('\n');
}

/** docs/configuration.md. */
export function renderConfigurationPage(): string {
  const chapters = OPTION_CHAPTERS.flatMap(({ title, options: rows }) => [
    `## ${title}`,
    ...Object.entries<AnyOption>(rows).map(renderSection),
  ]);
  return `${[INTRODUCTION, ...chapters, WITHOUT_EFFECT_CHAPTER].join('\n\n')}\n`;
}

const INTRODUCTION = `# Configuration

Written by \`libs/config\` from its table of options; do not edit.

Services read the files given by \`--config-file\` (several: later ones win), else \`/etc/novanet/novanet.conf\`. A file is
a nova.conf, in which an option without \`[group]\` below stands in \`[DEFAULT]\`, or an older flag file
(\`--name=value\`, \`--name\` for true, \`--noname\` for false). An option's environment variable wins over every file.
\`$name\` in a value stands for another option's value, \`$$\` for a dollar sign.

The nova.conf of a cloud can be used as it is. Options of nova's other services are passed over. What looks like a
misspelt option of this page is reported at the start of a service, with the name that is probably meant.`;

const WITHOUT_EFFECT_CHAPTER = `## Options of nova that do nothing here

They are accepted. A service says at its start that one is set to something it does not do.

${[...WITHOUT_EFFECT].map(([title, { reason }]) => `- \`${title}\`: ${reason}`).join('\n')}`;

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
