import { printable } from '../terminal/table.js';
import type { Check, Diagnosis, Finding, Mended } from './diagnosis.js';

/** For people: what is all right, the first thing that is not, and how many others there are. */
export function renderDiagnosis({ findings, checked }: Diagnosis, isComplete: boolean): string {
  const [first, ...others] = findings;
  const shown = isComplete ? findings : findings.slice(0, 1);
  const rest = isComplete ? 0 : others.length;
  return [
    ...checkLines(checked),
    ...(first ? shown.map(renderFinding) : ['all is well']),
    ...(rest > 0 ? [`${rest} more ${rest === 1 ? 'finding' : 'findings'} (--all lists them)`] : []),
  ].join('\n');
}

export function renderMended(mended: readonly Mended[]): string {
  const lines = mended.flatMap(({ host, stage, subjects }) =>
    subjects.map((subject) => printable(`mended ${subject} on ${host} (${stage})`)),
  );
  return lines.length === 0 ? 'nothing was mended' : lines.join('\n');
}

/** One line for each host. */
function checkLines(checked: readonly Check[]): string[] {
  const byHost = Map.groupBy(checked, ({ host }) => host);
  return [...byHost].flatMap(([host, checks]) => {
    const place = host === null ? '' : `${host}: `;
    const names = (isOk: boolean) => checks.flatMap(({ check, ok }) => (ok === isOk ? [check] : []));
    return (['ok', 'FAIL'] as const).flatMap((word) => {
      const own = names(word === 'ok');
      return own.length === 0 ? [] : [`${word.padEnd(4)} ${place}${own.join(', ')}`];
    });
  });
}

function renderFinding({ host, subject, problem, explanation, command }: Finding): string {
  const place = host === null || host === subject ? '' : ` on ${host}`;
  const remedy = command === null ? [] : [`     mend: ${command}`];
  const lines = [`${subject}${place}: ${problem}`, `     ${explanation}`, ...remedy];
  return ['', ...lines.map(printable)].join('\n');
}
