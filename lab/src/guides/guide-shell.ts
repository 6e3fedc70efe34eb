import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { labProgram } from '../testing/run-lab.js';

const checkout = join(import.meta.dirname, '../../..');
const cliProgram = join(checkout, 'apps/cli/dist/main.js');

/** What a command of a guide came to. */
export interface Ran {
  readonly exitCode: number;
  /** Of both, standard output and standard error. */
  readonly printed: string;
}

/**
 * The shell of somebody who follows a guide: what a command sets is there for the next. `npm run lab` means a lab of the
 * shell's own, whatever its name in the guide, and nothing is built again for each command.
 */
export class GuideShell {
  private readonly shell: ChildProcessWithoutNullStreams;
  private readonly end = `end-of-${randomUUID()}`;
  private output = '';
  private onOutput: () => void = () => {};

  constructor(private readonly lab: string) {
    this.shell = spawn('bash', ['--norc'], { cwd: checkout, env: { ...process.env, NOVANET_YES: '1' } });
    for (const stream of [this.shell.stdout, this.shell.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
        this.onOutput();
      });
    }
    this.shell.on('exit', () => this.onOutput());
    this.shell.stdin.write(`
exec 2>&1
set -o pipefail
npm() {
  local what=$2
  shift 3
  case $what in
    lab) local command=$1; shift; '${process.execPath}' '${labProgram}' "$command" --lab '${lab}' "$@" ;;
    novanet) novanet "$@" ;;
    *) echo "npm run $what is not for guides"; return 1 ;;
  esac
}
novanet() { '${process.execPath}' '${cliProgram}' "$@"; }
`);
  }

  /** Runs commands up to the first that fails. */
  async run(commands: string): Promise<Ran> {
    this.output = '';
    const here = commands.replaceAll('nvn-default-', `nvn-${this.lab}-`);
    const block = `guide_block() {
trap 'trap - ERR; return 1' ERR
${here}
trap - ERR
}
guide_block < /dev/null
echo "${this.end} $?"
`;
    this.shell.stdin.write(block);
    const mark = new RegExp(`${this.end} (\\d+)\\n`);
    await new Promise<void>((resolve) => {
      this.onOutput = () => {
        if (mark.test(this.output) || this.shell.exitCode !== null) resolve();
      };
      this.onOutput();
    });
    const found = mark.exec(this.output);
    if (!found) throw new Error(`the shell ended:\n${this.output}`);
    return { exitCode: Number(found[1]), printed: this.output.slice(0, found.index) };
  }

  close(): void {
    this.shell.stdin.end();
  }
}
