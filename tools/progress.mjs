// How the entry points talk to the person who started them: steps with their time, errors in one sentence.
import process from 'node:process';

/** An error whose message is meant for the user as it is: what is wrong, and the way out. */
export class UserError extends Error {}

/**
 * Runs a step and shows its name and the time it took, on stderr.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} run
 * @returns {Promise<T>}
 */
export async function step(name, run) {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  const isTerminal = process.stderr.isTTY;
  process.stderr.write(isTerminal ? `  … ${name}` : `  … ${name}\n`);
  const ticker = setInterval(
    () =>
      process.stderr.write(
        isTerminal ? `\r  … ${name} (${seconds()})` : `  … ${name}: still at it, ${seconds()}\n`,
      ),
    isTerminal ? 1_000 : 15_000,
  );
  const finish = (mark) => {
    clearInterval(ticker);
    process.stderr.write(`${isTerminal ? '\r\x1b[K' : ''}  ${mark} ${name} (${seconds()})\n`);
  };
  try {
    const result = await run();
    finish('✓');
    return result;
  } catch (error) {
    finish('✗');
    throw error;
  }
}

/**
 * Runs an entry point: a UserError becomes one sentence, exit code 1.
 * @param {() => Promise<number>} main returns the exit code
 */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.exitCode = 1;
    const text =
      error instanceof UserError && !process.argv.includes('--debug')
        ? error.message
        : (error.stack ?? error);
    process.stderr.write(`${text}\n`);
  }
}
