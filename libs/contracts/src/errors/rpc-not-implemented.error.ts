/** What this kind of network manager does not do, where nova raises Python's NotImplementedError without a text. */
export class RpcNotImplementedError extends Error {
  constructor() {
    super();
    this.name = 'RpcNotImplementedError';
  }
}
