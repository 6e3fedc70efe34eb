import type { AllocateResult } from '../allocate/allocate-benchmark.js';
import type { AllocateOptions } from '../allocate/options.js';
import type { Verdict } from '../allocate/targets.js';
import type { Measurement } from '../figures/measurements.js';
import type { Usage } from '../figures/usage.js';
import { type Machine, sentenceOfMachine } from './machine.js';
import { othersPercent, oursPercent, speedCells, speedTitles } from './speed-cells.js';
import { describeCallers, judgeCallers } from './callers-share.js';
import { renderTable, shortNumber } from './table.js';

export interface AllocateReport extends AllocateResult {
  readonly machine: Machine;
  readonly options: AllocateOptions;
  readonly targets: readonly Verdict[];
}

/** For people. */
export function renderReport(report: AllocateReport): string {
  const { options, memory } = report;
  return [
    sentenceOfMachine(report.machine),
    `${options.calls} calls each, medians of ${options.repeat}; times in ms, processor time in ms per call.`,
    '',
    'Limits',
    limitTable(report),
    '',
    'Calls',
    callTable(report),
    '',
    `Memory of the worker: ${shortNumber(memory.before)} MB at start, ${shortNumber(memory.after)} MB at the end.`,
    describeCallers(judgeCallers(report)),
    '',
    ...report.targets.map(sentenceOf),
    ...failures(report.calls),
  ].join('\n');
}

const cpuTitles = ['server CPU', 'callers CPU', 'database CPU', 'broker CPU', 'machine %', 'others %'];

function limitTable({ limits, machine }: AllocateReport): string {
  return renderTable([
    ['limit', 'at once', ...speedTitles, ...cpuTitles],
    ...limits.map((limit) => [
      limit.what,
      String(limit.atOnce),
      ...speedCells(limit),
      ...cpuCells(limit, machine.processorCount),
    ]),
  ]);
}

function callTable({ calls, machine, messagesPerCall }: AllocateReport): string {
  return renderTable([
    [
      'call',
      'in a',
      'callers',
      ...speedTitles,
      'errors',
      'statements',
      'log writes',
      'messages',
      ...cpuTitles,
    ],
    ...calls.map((call) => [
      call.what,
      call.network ?? '',
      String(call.atOnce),
      ...speedCells(call),
      String(call.errors.length),
      ...usageCells(call.usage, ({ statements, logWrites }) => [statements, logWrites]),
      shortNumber(Object.entries(messagesPerCall).find(([method]) => method === call.what)?.[1] ?? NaN),
      ...cpuCells(call, machine.processorCount),
    ]),
  ]);
}

function usageCells(usage: Usage | undefined, pick: (usage: Usage) => number[]): string[] {
  return usage ? pick(usage).map(shortNumber) : [];
}

function cpuCells(measurement: Measurement, processors: number): string[] {
  return usageCells(measurement.usage, ({ serverCpu, callersCpu, databaseCpu, brokerCpu }) => [
    serverCpu,
    callersCpu,
    databaseCpu,
    brokerCpu,
    oursPercent(measurement, processors),
    othersPercent(measurement, processors),
  ]);
}

function sentenceOf({ network, atOnce, figure, sense, value, measured, ratio, isMet }: Verdict): string {
  const unit = figure === 'perSecond' ? 'calls/s' : 'ms';
  const name = figure === 'perSecond' ? '' : ` ${figure}`;
  return (
    `${isMet ? '✓ met   ' : '✗ missed'} allocate in a ${network}, ${atOnce} at once:${name} ${shortNumber(measured)} ` +
    `${unit}, target ${sense} ${value} (${shortNumber(ratio)} times as good)`
  );
}

function failures(calls: readonly Measurement[]): string[] {
  return calls.flatMap(({ what, network, errors }) =>
    errors.length > 0
      ? [`✗ ${errors.length} of ${what} in a ${network} failed, the first with ${errors[0]}`]
      : [],
  );
}
