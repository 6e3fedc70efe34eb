/** A value that cannot be meant, where nova raises Python's ValueError. */
export class RpcValueError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RpcValueError';
  }
}
