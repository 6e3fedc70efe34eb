import type { AssociateResult } from '../associate/associate-benchmark.js';
import { bareProgramTitles } from '../associate/measure-bare-programs.js';
import type { AssociateOptions } from '../associate/options.js';
import type { AssociateVerdict } from '../associate/targets.js';
import type { Measurement } from '../figures/measurements.js';
import { type Machine, sentenceOfMachine } from './machine.js';
import { markdownTable } from './markdown-table.js';
import { othersPercent, speedCells, speedTitles } from './speed-cells.js';
import { shortNumber } from './table.js';

export interface AssociateReport extends AssociateResult {
  readonly machine: Machine;
  readonly options: AssociateOptions;
  readonly targets: readonly AssociateVerdict[];
}

/** For people, and as it is for a page of documentation. */
export function renderAssociateReport(report: AssociateReport): string {
  return [
    sentenceOfMachine(report.machine),
    `${report.options.calls} calls each; times in ms, processor time in ms for a call.`,
    '',
    limitTable(report),
    '',
    callTable(report),
    '',
    restartTable(report),
    '',
    `Memory of the worker at the end: ${shortNumber(report.megabytes)} MB.`,
    '',
    targetTable(report),
    ...failures(report.calls),
  ].join('\n');
}

function limitTable({ limits }: AssociateReport): string {
  return markdownTable([
    ['limit', 'associated', 'at once', ...speedTitles],
    ...limits.map((limit) => [
      limit.what,
      limit.associated === undefined ? '' : String(limit.associated),
      String(limit.atOnce),
      ...speedCells(limit),
    ]),
  ]);
}

function callTable({ calls, limits, machine }: AssociateReport): string {
  const titles = [
    'programs',
    'statements',
    'CPU: worker / programs / callers / database / broker',
    'others %',
  ];
  return markdownTable([
    ['call', 'associated', 'callers', ...speedTitles, 'limit', ...titles],
    ...calls.map((call) => [
      `\`${call.what}\``,
      String(call.associated),
      String(call.atOnce),
      ...speedCells(call),
      call.atOnce === 1 ? shortNumber(limitOf(call, limits)) : '',
      ...usageCells(call),
      shortNumber(othersPercent(call, machine.processorCount)),
    ]),
  ]);
}

function usageCells({ usage }: Measurement): string[] {
  if (!usage) return ['', '', ''];
  const { programs, statements, serverCpu, programsCpu, callersCpu, databaseCpu, brokerCpu } = usage;
  const cpu = [serverCpu, programsCpu, callersCpu, databaseCpu, brokerCpu].map(shortNumber).join(' / ');
  return [shortNumber(programs), shortNumber(statements), cpu];
}

/** What a call of a caller alone cannot be faster than: a message each way, a commit, and the programs. */
function limitOf({ associated }: Measurement, limits: readonly Measurement[]): number {
  const alone = limits.filter(({ atOnce }) => atOnce === 1);
  const p50 = (what: string, size?: number) =>
    alone.find((limit) => limit.what === what && limit.associated === size)?.speed.p50 ?? NaN;
  const programs = bareProgramTitles.map((title) => p50(title, associated));
  return [p50('echo over the broker'), p50('durable commit of one row'), ...programs].reduce(
    (sum, each) => sum + each,
  );
}

function restartTable({ restart: { instances, floatingIps, warm, wiped } }: AssociateReport): string {
  const { sent, lost, longestGap } = warm.flow;
  return markdownTable([
    ['restart', 'instances', 'floating IPs', 's', 'programs', 'packets', 'lost', 'longest gap'],
    [
      'as it was',
      String(instances),
      String(floatingIps),
      shortNumber(warm.seconds),
      String(warm.programs),
      String(sent),
      String(lost),
      shortNumber(longestGap),
    ],
    [
      'everything wiped',
      String(instances),
      String(floatingIps),
      shortNumber(wiped.seconds),
      String(wiped.programs),
    ],
  ]);
}

function targetTable({ targets }: AssociateReport): string {
  return markdownTable([
    ['figure', 'target', 'measured', '', 'nova-network'],
    ...targets.map(({ what, target, unit, measured, isMet, nova }) => [
      what,
      target === 0 ? 'none' : `at most ${target} ${unit}`,
      shortNumber(measured),
      isMet ? 'met' : 'missed',
      nova === undefined ? '' : `${nova} ${unit}`,
    ]),
  ]);
}

function failures(calls: readonly Measurement[]): string[] {
  return calls.flatMap(({ what, associated, errors }) =>
    errors.length > 0
      ? ['', `${errors.length} of ${what} with ${associated} associated failed, the first with ${errors[0]}`]
      : [],
  );
}
