// The npm packages of the lockfile, and with them the Node that everything here runs on.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

import { step, UserError } from './progress.mjs';
import { checkout, runQuietly } from './run-program.mjs';

/** The Node of the checkout, newer than the machine's needs to be. */
export const node = join(checkout, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');

/** Installs the packages unless they are those of the lockfile. Throws UserError. */
export async function installNpmPackages() {
  if (areInstalled()) return;
  await step('installing npm packages (npm ci)', async () => {
    // Without network `npm ci` would take two minutes to say so.
    await npm('ping', '--fetch-retries=0', '--fetch-timeout=15000');
    const { exitCode, output, logFile } = await npm('ci', '--no-progress');
    if (exitCode !== 0) {
      const code = /npm error code (\S+)/.exec(output)?.[1] ?? `exit code ${exitCode}`;
      throw new UserError(`npm ci failed with ${code}; what it said is in ${logFile}.`);
    }
    writeFileSync(stamp, lockfileHash());
  });
  if (!existsSync(node)) {
    throw new UserError(
      `there is no Node for ${process.arch} among the packages: only x64 and arm64 are supported.`,
    );
  }
}

/** Runs npm, which belongs to the machine's Node. Throws UserError when it reaches no registry. */
async function npm(...words) {
  const env = { PATH: process.env.PATH };
  const result = await runQuietly(['npm', ...words, '--loglevel=error'], { env });
  if (result.exitCode !== 0 && /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ENETUNREACH/.test(result.output)) {
    throw new UserError(
      `npm cannot reach its registry: this machine needs network once, to install packages (${result.logFile}).`,
    );
  }
  return result;
}

/** The lockfile that was installed last, by us. */
const stamp = join(checkout, 'node_modules', '.novanet-installed');

function lockfileHash() {
  return createHash('sha256')
    .update(readFileSync(join(checkout, 'package-lock.json')))
    .digest('hex');
}

/** By our own stamp; or, where somebody ran npm by hand, by comparing what npm says it installed. */
function areInstalled() {
  if (!existsSync(node)) return false;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockfileHash()) return true;
  const wanted = packagesOf('package-lock.json');
  const installed = packagesOf('node_modules/.package-lock.json');
  return Object.entries(wanted).every(
    ([path, { version, optional, devOptional }]) =>
      !path.includes('node_modules/') || optional || devOptional || installed[path]?.version === version,
  );
}

/** @returns {Record<string, { version?: string, optional?: boolean, devOptional?: boolean }>} */
function packagesOf(lockfile) {
  try {
    return JSON.parse(readFileSync(join(checkout, lockfile), 'utf8')).packages;
  } catch {
    return {};
  }
}
