import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<string>();

/** Runs `work` so that each line logged on its behalf carries the request's id ("req-…"). */
export function withRequestId<T>(requestId: string, work: () => T): T {
  return current.run(requestId, work);
}

/** The id of the request on whose behalf the caller runs, if any. */
export function currentRequestId(): string | undefined {
  return current.getStore();
}
