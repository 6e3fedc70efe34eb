/** nova's database cannot be read, or is none. */
export class NovaUnreadable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'NovaUnreadable';
  }
}

/** The database that is written to cannot be what an import goes to. */
export class ImportTargetUnfit extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ImportTargetUnfit';
  }
}
