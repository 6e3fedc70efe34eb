/** Something the user can understand and mend: its message is one sentence, shown as it is. */
export class BenchError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BenchError';
  }
}
