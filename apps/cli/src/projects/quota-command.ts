import type { Command } from 'commander';
import { CliFailure } from '../cli-failure.error.js';
import type { CommandTools } from '../command-tools.js';
import { withExamples } from '../grammar/command-facts.js';
import { isRecord, type Fields } from '../http/api-answers.js';
import { cellOf, renderTable, type Cell } from '../terminal/table.js';
import { quotaKeys, quotaOf, setQuota } from './api-project.js';

const MOST = 0x7fff_ffff;

interface QuotaOptions {
  readonly project?: string;
  readonly user?: string;
  readonly key?: string;
  readonly value?: string;
}

/** Gives a command the work of `novanet project quota`. */
export function quotaCommand(quota: Command, path: string, tools: CommandTools): void {
  quota
    .description('show what a project may have, and has; or change a limit')
    .argument('[project]', 'as --project')
    .argument('[key]', 'as --key')
    .argument('[value]', 'as --value')
    .option('--project <id>', 'the project')
    .option('--user <id>', 'refused: limits are of projects')
    .option('--key <name>', `the limit to change: ${quotaKeys.join(', ')}`)
    .option('--value <number>', 'the limit; unlimited or -1: none');
  withExamples(
    quota,
    `${path} 7c0ce0b51c8b4b6d`,
    `${path} --project 7c0ce0b51c8b4b6d --key floating_ips --value 50`,
    `${path} 7c0ce0b51c8b4b6d fixed_ips unlimited`,
  );
  quota.action(async (projectWord?: string, keyWord?: string, valueWord?: string) => {
    const options = quota.opts<QuotaOptions>();
    const project = options.project ?? projectWord;
    if (!project) throw new CliFailure('usage', 'Which project? --project names it.');
    if (options.user)
      throw new CliFailure('usage', 'Limits are of projects, not of users: leave out --user.');
    const key = options.key ?? keyWord;
    const value = options.value ?? valueWord;
    const api = tools.api();
    if (key !== undefined || value !== undefined)
      await setQuota(api, project, requireKey(key), readLimit(value));
    const details = await quotaOf(api, project);
    const own = quotaKeys.map((name) => [name, details[name]] as const);
    tools.answer(Object.fromEntries(own), renderQuotas(own));
  });
}

function requireKey(key: string | undefined): string {
  const name = key?.replaceAll('-', '_') ?? '';
  if (quotaKeys.some((known) => known === name)) return name;
  throw new CliFailure(
    'usage',
    key === undefined
      ? 'Which limit? --key names it.'
      : `${key} is not a valid quota key. Valid options are: ${quotaKeys.join(', ')}.`,
  );
}

function readLimit(text: string | undefined): number {
  if (text === undefined) throw new CliFailure('usage', 'How much? --value says it; unlimited: any number.');
  if (text.toLowerCase() === 'unlimited') return -1;
  if (!/^-?\d+$/.test(text)) throw new CliFailure('usage', 'Quota limit must be a number, or unlimited.');
  const limit = Number(text);
  if (limit < -1) throw new CliFailure('usage', 'Quota limit must be -1 or greater.');
  if (limit > MOST) throw new CliFailure('usage', `Quota limit must be less than ${MOST + 1}.`);
  return limit;
}

function renderQuotas(quotas: readonly (readonly [string, unknown])[]): string {
  return renderTable(
    ['Quota', 'Limit', 'In Use', 'Reserved'],
    quotas.map(([name, detail]) => [name, ...cellsOf(isRecord(detail) ? detail : {})]),
  );
}

function cellsOf({ limit, in_use: inUse, reserved }: Fields): Cell[] {
  const isUnlimited = typeof limit === 'number' && limit < 0;
  return [isUnlimited ? 'unlimited' : cellOf(limit), cellOf(inUse), cellOf(reserved)];
}
