import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const cli = join(import.meta.dirname, '../../../cli/dist/main.js');

/** What the command line came to. */
export interface Outcome {
  readonly exitCode: number | null;
  readonly out: string;
  readonly complaints: string;
}

/** Runs the built command `novanet`: whoever sits at it says yes beforehand. Throws where it is not built. */
export class Operator {
  constructor(private readonly env: Readonly<Record<string, string>>) {
    if (!existsSync(cli)) throw new Error(`${cli} is missing: npm run build makes it`);
  }

  /** @param line without "novanet"; its words are parted by blanks */
  run(line: string): Promise<Outcome> {
    return new Promise((resolve) => {
      const env = { ...process.env, NOVANET_YES: '1', ...this.env };
      const child = execFile(process.execPath, [cli, ...line.split(' ')], { env }, (_, out, complaints) => {
        resolve({ exitCode: child.exitCode, out: out.trimEnd(), complaints: complaints.trimEnd() });
      });
    });
  }
}
