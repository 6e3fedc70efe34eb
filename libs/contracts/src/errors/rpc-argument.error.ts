/** A request whose arguments do not fit the method: Python's TypeError. */
export class RpcArgumentError extends Error {
  constructor(
    readonly method: string,
    readonly problems: readonly string[],
  ) {
    super(`${method}(): ${problems.join('; ')}`);
    this.name = 'RpcArgumentError';
  }
}
