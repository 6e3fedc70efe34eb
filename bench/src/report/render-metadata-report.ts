import type { LoadFigure, MetadataOptions } from '../metadata/metadata-benchmark.js';
import type { MetadataVerdict } from '../metadata/targets.js';
import { type Machine, sentenceOfMachine } from './machine.js';
import { markdownTable } from './markdown-table.js';

export interface MetadataReport {
  readonly machine: Machine;
  readonly options: MetadataOptions;
  readonly figures: readonly LoadFigure[];
  readonly targets: readonly MetadataVerdict[];
}

/** As Markdown, for docs/performance.md. */
export function renderMetadataReport({ machine, options, figures, targets }: MetadataReport): string {
  const { connections, seconds, repeat } = options;
  const rows = figures.map(({ what, perSecond, p50, p99, failures }) => {
    const verdict = targets.find((one) => one.what === what);
    const share = verdict ? `${Math.round(verdict.share * 100)} %` : '';
    const judgement = verdict ? (verdict.isMet ? 'met' : 'missed') : '';
    return [what, perSecond.toFixed(0), p50.toFixed(0), p99.toFixed(0), String(failures), share, judgement];
  });
  return [
    sentenceOfMachine(machine),
    `${connections} connections, ${seconds} s each, medians of ${repeat}; times in ms.`,
    '',
    markdownTable([
      ['asked for', 'per s', 'p50', 'p99', 'failures', 'of the bare server', 'at least 50 %'],
      ...rows,
    ]),
  ].join('\n');
}
