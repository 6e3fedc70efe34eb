/** Something the user of the lab can understand and mend: its message is one sentence, shown as it is. */
export class LabError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LabError';
  }
}
