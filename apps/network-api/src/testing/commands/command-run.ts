/** A command line that works, and what it is answered; `%` stands for 1, 2 and 3, as text, JSON and YAML. */
export interface CommandRun {
  /** The command's name in docs/cli.md. */
  readonly name: string;
  readonly line: string;
  /** What its text matches. */
  readonly says: string;
  /** What JSON and YAML hold. */
  readonly holds: (number: number) => unknown;
  /** Other than 0. */
  readonly exitCode?: number;
  /** What the text has on standard error matches. */
  readonly complains?: string;
}
