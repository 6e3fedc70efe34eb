/** The configuration cannot be used. */
export class ConfigurationError extends Error {
  /** @param problems everything that is wrong, one sentence each, with the place and the way out */
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigurationError';
  }
}

/** Not a failure: the command line asked for a text (--help, --version) instead of a service. */
export class InformationRequested extends Error {
  /** @param text to be written to standard output, before exiting with 0 */
  constructor(readonly text: string) {
    super('the command line asked for information');
    this.name = 'InformationRequested';
  }
}
