// npm test: installs what is missing and runs everything; the last line counts what passed and failed.
import process from 'node:process';

import { prepare } from './prepare.mjs';
import { runMain } from './progress.mjs';
import { runInForeground } from './run-program.mjs';
import { commandOf, countOf, forgetReport, steps } from './test-steps.mjs';

await runMain(async () => {
  await prepare({ command: 'npm test', debian: 'tests', build: false });
  const lines = [];
  const total = { passed: 0, failed: 0 };
  let isInterrupted = false;
  process.once('SIGINT', () => (isInterrupted = true));
  let missing = '';
  for (const step of steps) {
    if (isInterrupted) return 130;
    if (missing) {
      total.failed += 1;
      lines.push(`  ✗ ${step.target}: not run, because ${missing} failed`);
      continue;
    }
    process.stdout.write(`\n── ${step.target}: ${step.what}\n`);
    const started = performance.now();
    forgetReport(step);
    const exitCode = await runInForeground(commandOf(step), { minds: true });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const { passed, failed, skipped } = countOf(step, exitCode);
    total.passed += passed;
    total.failed += failed;
    if (failed > 0 && step.isNeeded) missing = step.target;
    const counts = step.isTests
      ? `: ${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`
      : '';
    lines.push(`  ${failed > 0 ? '✗' : '✓'} ${step.target}${counts} (${seconds} s)`);
  }
  process.stdout.write(`\n${lines.join('\n')}\n\n${total.passed} passed, ${total.failed} failed\n`);
  return total.failed > 0 ? 1 : 0;
});
