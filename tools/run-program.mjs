// Child processes of the entry points: run quietly into a log, or in the foreground with signals passed on.
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** The folder of the checkout. */
export const checkout = dirname(dirname(fileURLToPath(import.meta.url)));
const logFile = join(checkout, '.novanet', 'prepare.log');

/** Programs of the checkout first (its Node is newer than the machine's), and the system's even when PATH lacks them. */
const path = [join(checkout, 'node_modules/.bin'), process.env.PATH, '/usr/sbin', '/sbin'].join(delimiter);
export const environment = {
  ...process.env,
  PATH: path,
  NX_DAEMON: 'false',
  NX_TUI: 'false',
  // Otherwise Nx and the compiler leave files in the system's temporary folder. The path of a socket may have 107 characters.
  ...(checkout.length < 75 && { NX_SOCKET_DIR: join(checkout, '.nx/sockets') }),
  NODE_COMPILE_CACHE: join(checkout, '.novanet/compile-cache'),
  NX_NATIVE_FILE_CACHE_DIRECTORY: join(checkout, '.nx/native'),
  NO_UPDATE_NOTIFIER: '1',
};

export function startLog() {
  mkdirSync(dirname(logFile), { recursive: true });
  writeFileSync(logFile, '');
}

/**
 * Runs a program to its end and keeps what it prints in the log.
 * @param {string[]} argv
 * @param {{ env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ exitCode: number, output: string, logFile: string }>}
 */
export function runQuietly(argv, options = {}) {
  const [program, ...args] = argv;
  return new Promise((resolve) => {
    let output = '';
    const finish = (exitCode) => {
      appendFileSync(logFile, `$ ${argv.join(' ')}\n${output}\n`);
      resolve({ exitCode, output, logFile });
    };
    const child = spawn(program, args, {
      cwd: checkout,
      env: { ...environment, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.once('error', (error) => {
      output += error.message;
      finish(127);
    });
    child.once('close', (code) => finish(code ?? 1));
  });
}

/**
 * Runs a program on this terminal and returns its exit code. Requests to end are passed on, and its own orderly
 * end is waited for. It is also asked to end when npm, which started this program, is gone.
 * @param {string[]} argv
 * @param {{ takesInterrupts?: boolean }} [options] `takesInterrupts`: a second Ctrl-C would cut its orderly end
 *   short, so that of the terminal, which reaches every program anyway, is not passed on
 * @returns {Promise<number>}
 */
export function runInForeground(argv, { takesInterrupts = false } = {}) {
  const [program, ...args] = argv;
  const signals = ['SIGTERM', 'SIGHUP', 'SIGINT'];
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: environment, stdio: 'inherit' });
    const passOn = (name) => {
      if (name !== 'SIGINT' || !takesInterrupts || !process.stdin.isTTY) child.kill(name);
    };
    for (const name of signals) process.on(name, passOn);
    const parent = process.ppid;
    const watch = setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 500);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearInterval(watch);
      for (const name of signals) process.off(name, passOn);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}
