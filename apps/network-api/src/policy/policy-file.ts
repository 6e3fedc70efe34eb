import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigurationError } from '@novanet/config';
import type { Logger } from '@novanet/observability';
import { isMap, isScalar, parseDocument } from 'yaml';
import { DEFAULT_RULES } from './default-rules.js';
import { PolicyBook } from './policy-book.js';
import { parseRule, PolicySyntaxError } from './rule-expression.js';

/** What a cloud without rules of its own has not got; the second is what nova called it before. */
const USUAL_NAMES: ReadonlySet<string> = new Set(['policy.yaml', 'policy.json']);

/**
 * The rules, with the changes of `policy_file`.
 * @param folders where it is looked for, in this order. Throws ConfigurationError.
 */
export function loadPolicies(
  name: string,
  folders: readonly string[],
  log: Pick<Logger, 'info' | 'warn'>,
): PolicyBook {
  for (const folder of folders) {
    const path = resolve(folder, name);
    const text = readIfThere(path);
    if (text === undefined) continue;
    const changes = readPolicies(path, text);
    for (const remark of remarksOn(changes)) log.warn({ path }, remark);
    log.info({ path, rules: Object.keys(changes).length }, 'rules of the policy file count');
    return new PolicyBook(changes);
  }
  if (USUAL_NAMES.has(name)) return new PolicyBook();
  throw new ConfigurationError([`[oslo_policy] policy_file: there is no ${name} in ${folders.join(', ')}`]);
}

/** Rules by name, in YAML or JSON. Throws ConfigurationError with all that is wrong. */
export function readPolicies(path: string, text: string): Readonly<Record<string, string>> {
  const { contents, errors } = parseDocument(text);
  const [mistake] = errors;
  if (mistake) throw new ConfigurationError([`${path}: ${mistake.message.split('\n')[0]}`]);
  if (contents === null) return {};
  if (!isMap(contents)) throw new ConfigurationError([`${path}: rules are expected, each "name": "rule"`]);
  const problems: string[] = [];
  const rules = contents.items.map(({ key, value }) => {
    const name = String(key);
    // An empty rule lets everybody in, so it must be meant: a lone ! is empty, too, for YAML.
    const isMeant =
      isScalar(value) && typeof value.value === 'string' && (value.value || value.type !== 'PLAIN');
    const rule = isMeant ? String(value.value) : undefined;
    const problem = rule === undefined ? 'its rule must be a text in quotes' : problemOf(rule);
    if (problem !== undefined) problems.push(`${path}: ${name}: ${problem}`);
    return [name, rule ?? '!'] as const;
  });
  if (problems.length > 0) throw new ConfigurationError(problems);
  return Object.fromEntries(rules);
}

function problemOf(rule: string): string | undefined {
  try {
    parseRule(rule);
    return undefined;
  } catch (error) {
    if (error instanceof PolicySyntaxError) return error.message;
    throw error;
  }
}

/** A rule that nothing asks for, and one that is asked for and is not there, are slips mostly. */
function remarksOn(changes: Readonly<Record<string, string>>): readonly string[] {
  const asked = (rules: Readonly<Record<string, string>>) =>
    Object.values(rules).flatMap((text) =>
      [...text.matchAll(/rule:([^\s()]+)/g)].map(([, name = '']) => name),
    );
  const known = new Set([...Object.keys(DEFAULT_RULES), ...asked(changes)]);
  const unknown = Object.keys(changes).filter((name) => !known.has(name));
  const all = { ...DEFAULT_RULES, ...changes };
  const missing = [...new Set(asked(changes))].filter((name) => !Object.hasOwn(all, name));
  return [
    ...(unknown.length > 0 ? [`rules that nothing here asks for: ${unknown.join(', ')}`] : []),
    ...missing.map((name) => `rule:${name} is asked for and does not exist: it lets nobody in`),
  ];
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError([`[oslo_policy] policy_file cannot be read: ${reason}`]);
  }
}
