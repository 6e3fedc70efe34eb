// What `npm test` runs, as targets of the root project, and how each step counts in the closing line.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { checkout } from './run-program.mjs';

/**
 * @typedef {object} Step
 * @property {string} target
 * @property {string} what what it shows when it passes
 * @property {boolean} [isTests] its tests count one by one; every other step counts as one
 * @property {boolean} [isNeeded] when it fails, nothing after it makes sense
 */

/** @type {readonly Step[]} */
export const steps = [
  { target: 'format:check', what: 'every file is formatted' },
  { target: 'build', what: 'every package builds', isNeeded: true },
  { target: 'typecheck', what: 'tests have the types they claim' },
  { target: 'lint', what: 'no lint complaint' },
  { target: 'docs', what: 'the documentation builds, and its links lead somewhere' },
  { target: 'unit', what: 'pure parts', isTests: true },
  { target: 'integration', what: 'with a real database, broker and namespaces', isTests: true },
  { target: 'system', what: 'a whole cloud on this machine', isTests: true },
  { target: 'deadcode', what: 'nothing is unused' },
];

/** @param {Step} step @returns {string[]} */
export function commandOf(step) {
  const projects = step.target === 'build' ? [] : ['-p', 'novanet'];
  const report = step.isTests
    ? ['--reporter=default', '--reporter=json', `--outputFile.json=${reportOf(step)}`]
    : [];
  return [
    'nx',
    'run-many',
    '-t',
    step.target,
    ...projects,
    '--outputStyle=stream-without-prefixes',
    ...report,
  ];
}

/** @param {Step} step */
export function forgetReport(step) {
  if (step.isTests) rmSync(reportOf(step), { force: true });
}

/**
 * @param {Step} step
 * @param {number} exitCode
 * @returns {{ passed: number, failed: number, skipped: number }}
 */
export function countOf(step, exitCode) {
  const hasPassed = exitCode === 0;
  if (!step.isTests) return { passed: hasPassed ? 1 : 0, failed: hasPassed ? 0 : 1, skipped: 0 };
  return countTests(readReport(step), hasPassed);
}

/**
 * @param {undefined | { numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number }} report
 * @param {boolean} hasPassed
 */
export function countTests(report, hasPassed) {
  const {
    numPassedTests: passed = 0,
    numFailedTests = 0,
    numPendingTests = 0,
    numTodoTests = 0,
  } = report ?? {};
  // A file that cannot be loaded, or servers that do not start, fail without a single failed test.
  const failed = hasPassed ? numFailedTests : Math.max(1, numFailedTests);
  return { passed, failed, skipped: numPendingTests + numTodoTests };
}

function reportOf({ target }) {
  return join(checkout, '.novanet', `tests-${target}.json`);
}

function readReport(step) {
  try {
    return JSON.parse(readFileSync(reportOf(step), 'utf8'));
  } catch {
    return undefined;
  }
}
