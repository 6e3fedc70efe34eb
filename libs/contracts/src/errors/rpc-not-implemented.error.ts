/** What this kind of network manager does not do, where nova raises Python's NotImplementedError. */
export class RpcNotImplementedError extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'RpcNotImplementedError';
  }
}
