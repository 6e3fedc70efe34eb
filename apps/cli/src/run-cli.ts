import { CommanderError } from 'commander';
import { CliFailure, exitCodes } from './cli-failure.error.js';
import { toolsFor, type CliContext } from './command-tools.js';
import { createProgram } from './create-program.js';
import { canonicalArguments } from './grammar/canonical-arguments.js';
import { Doors } from './http/api-door.js';

/** Carries out one command line; answers the exit code. */
export async function runCli(
  args: readonly string[],
  context: CliContext,
  doors: Doors = new Doors(context.env),
): Promise<number> {
  try {
    const program = createProgram(context, (own) => toolsFor(own, context, doors));
    await program.parseAsync(canonicalArguments(program, args), { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    if (!(error instanceof CliFailure)) throw error;
    for (const line of error.message.split('\n')) context.complain(`novanet: ${line}`);
    return exitCodes[error.outcome];
  } finally {
    await doors.close();
  }
}
