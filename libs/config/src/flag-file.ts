import type { Assignment, Reading } from './assignment.js';

/** Essex's flag file: every line that says something begins with `--`. */
export function isFlagFile(content: string): boolean {
  const first = content.split('\n').find((line) => !/^\s*([#;].*)?$/.test(line));
  return first?.trimStart().startsWith('--') ?? false;
}

/**
 * Reads `--name=value`, `--name` (true) and `--noname` (false).
 * @param isName tells options from `no` plus an option: `--nodedup` may be either
 */
export function readFlagFile(path: string, content: string, isName: (name: string) => boolean): Reading {
  const assignments: Assignment[] = [];
  const problems: string[] = [];
  for (const [index, raw] of content.split(/\r?\n/).entries()) {
    const line = raw.trim();
    const place = `${path} line ${index + 1}`;
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const [, flag = '', value] = /^--([\w-]+)(?:=(.*))?$/.exec(line) ?? [];
    if (flag === '') problems.push(`${place}: "${line}" is not of the form --name=value`);
    else
      assignments.push({
        group: 'DEFAULT',
        place,
        ...meaning(flag.replaceAll('-', '_'), value?.trim(), isName),
      });
  }
  return { assignments, problems };
}

function meaning(flag: string, value: string | undefined, isName: (name: string) => boolean) {
  if (value !== undefined) return { name: flag, value };
  const denied = flag.startsWith('no') ? flag.slice(2).replace(/^_/, '') : undefined;
  if (denied !== undefined && !isName(flag) && isName(denied)) return { name: denied, value: 'false' };
  return { name: flag, value: 'true' };
}
