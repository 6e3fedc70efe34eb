// What every entry point does first: check the machine, install what is missing, build.
import process from 'node:process';

import { build } from './build.mjs';
import { installDebianPackages } from './debian-packages.mjs';
import { installNpmPackages, node } from './npm-packages.mjs';
import { UserError } from './progress.mjs';
import { startLog } from './run-program.mjs';

/**
 * @param {{ command: string, debian?: 'lab' | 'tests', build?: boolean }} options `debian`: which Debian packages
 *   are needed, and with them root; `build`: false leaves building to the caller
 * @returns {Promise<string>} the program of the Node to run everything with
 */
export async function prepare(options) {
  checkMachine(options);
  startLog();
  await installNpmPackages();
  if (options.debian) await installDebianPackages(options.debian);
  if (options.build !== false) await build();
  return node;
}

function checkMachine({ command, debian }) {
  if (process.platform !== 'linux') {
    throw new UserError(`${command} needs Linux: it works with network namespaces, bridges and iptables.`);
  }
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new UserError(`${command} needs Node 20 or newer to begin with; this is ${process.version}.`);
  }
  if (debian && process.getuid() !== 0) {
    throw new UserError(
      `${command} needs root: it makes network namespaces. Run it as root, for example with sudo.`,
    );
  }
}
