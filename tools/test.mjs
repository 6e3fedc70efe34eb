// npm test: installs what is missing and runs everything; the last line counts what passed and failed.
import process from 'node:process';

import { prepare } from './prepare.mjs';
import { runMain } from './progress.mjs';
import { runInForeground } from './run-program.mjs';
import { commandOf, countOf, forgetReport, steps } from './test-steps.mjs';

await runMain(async () => {
  await prepare({ command: 'npm test', debian: 'tests', build: false });
  let isInterrupted = false;
  process.on('SIGINT', () => (isInterrupted = true));
  const results = [];
  for (const step of steps) {
    const missing = results.find((result) => result.step.isNeeded && result.failed > 0);
    results.push(missing ? { step, passed: 0, failed: 1, isMissed: true } : await run(step));
    if (isInterrupted) return 130;
  }
  const [passed, failed] = [sum(results, 'passed'), sum(results, 'failed')];
  process.stdout.write(`\n${results.map(describe).join('\n')}\n\n${passed} passed, ${failed} failed\n`);
  return failed > 0 ? 1 : 0;
});

async function run(step) {
  process.stdout.write(`\n── ${step.target}: ${step.what}\n`);
  const started = performance.now();
  forgetReport(step);
  const exitCode = await runInForeground(commandOf(step), { takesInterrupts: true });
  return { step, ...countOf(step, exitCode), seconds: (performance.now() - started) / 1_000 };
}

function describe({ step, passed, failed, skipped, seconds, isMissed }) {
  const mark = failed > 0 ? '✗' : '✓';
  if (isMissed) return `  ${mark} ${step.target}: not run, because what it needs failed`;
  const skips = skipped > 0 ? `, ${skipped} skipped` : '';
  const counts = step.isTests ? `: ${passed} passed, ${failed} failed${skips}` : '';
  return `  ${mark} ${step.target}${counts} (${seconds.toFixed(1)} s)`;
}

function sum(results, key) {
  return results.reduce((total, result) => total + result[key], 0);
}
