/** How the program ends: scripts may rely on these. */
export const exitCodes = { done: 0, refused: 1, usage: 2, unreachable: 3 } as const;

/** A command that cannot be carried out; the message is one sentence that ends with the way out. */
export class CliFailure extends Error {
  constructor(
    readonly outcome: Exclude<keyof typeof exitCodes, 'done'>,
    message: string,
  ) {
    super(message);
    this.name = 'CliFailure';
  }
}
