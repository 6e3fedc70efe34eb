import type { Command } from 'commander';
import { CliFailure } from './cli-failure.error.js';
import type { Doors } from './http/api-door.js';
import { ApiClient } from './http/api-client.js';
import { renderData } from './terminal/render-data.js';
import { whileWaiting, type StatusLine } from './terminal/waiting-line.js';

/** Where a command's words come from and go to. */
export interface CliContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  print(text: string): void;
  complain(text: string): void;
  /** Asks whoever sits at the terminal. Left out: standard input is none. */
  readonly ask?: (question: string) => Promise<string>;
  /** Left out: standard error is no terminal. */
  readonly status?: StatusLine;
}

/** What each command works with. */
export interface CommandTools {
  /** The API that options and environment name. */
  api(): ApiClient;
  /** As JSON or YAML when that is wanted, otherwise the text. */
  answer(data: unknown, text: string): void;
  /** The same of a change that was made: --quiet keeps the text back. */
  report(data: unknown, text: string): void;
  /** A sentence for the operator that is no part of the answer. */
  warn(sentence: string): void;
  /** Goes on after a yes only. `what` completes "This would …". Throws CliFailure. */
  confirm(what: string): Promise<void>;
  /** Configuration files of the command line, the last counts most. */
  configurationFiles(): readonly string[];
  /** For how far something is; undefined where no terminal is. */
  readonly status: StatusLine | undefined;
  readonly env: CliContext['env'];
}

/** Options that every command has. */
interface GlobalOptions {
  readonly apiUrl?: string;
  readonly configFile?: readonly string[];
  readonly json?: boolean;
  readonly yaml?: boolean;
  readonly yes?: boolean;
  readonly quiet?: boolean;
}

export function toolsFor(program: Command, context: CliContext, doors: Doors): CommandTools {
  const options = () => program.opts<GlobalOptions>();
  const answer = (data: unknown, text: string) => context.print(renderData(data, options()) ?? text);
  return {
    api: () =>
      new ApiClient(
        () => doors.open(options()),
        (work) => whileWaiting(context.status, work),
      ),
    answer,
    report(data, text) {
      const { json, yaml, quiet } = options();
      if (!quiet || json || yaml) answer(data, text);
    },
    warn(sentence) {
      if (!options().quiet) context.complain(`novanet: ${sentence}`);
    },
    async confirm(what) {
      if (options().yes || isSet(context.env['NOVANET_YES'])) return;
      await askFor(what, context);
    },
    configurationFiles: () => options().configFile ?? [],
    status: context.status,
    env: context.env,
  };
}

async function askFor(what: string, { ask }: CliContext): Promise<void> {
  if (!ask) {
    throw new CliFailure('usage', `This would ${what}: say --yes, for there is no terminal to ask on.`);
  }
  const answer = await ask(`This would ${what}. Go on? [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new CliFailure('refused', 'Nothing was changed.');
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && !/^(0|f|false|n|no|off)?$/i.test(value);
}
