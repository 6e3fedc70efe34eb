import { RemoteError } from '@novanet/messaging';
import type { ErrorKind } from '@novanet/ipam';
import { novaErrorKinds } from '../faults/nova-error-kinds.js';

/** What a worker refused, unless it could not do its part: that is nothing the requester can mend. */
export interface Refusal {
  readonly className: string;
  readonly message: string;
}

const notTheirs: ReadonlySet<ErrorKind | undefined> = new Set(['unavailable', 'internal', undefined]);

/** Runs a worker's method; `translate` has a refusal in other words, or leaves it as it is. */
export async function inNovasWords(
  work: () => Promise<unknown>,
  translate: (refusal: Refusal) => Error | undefined,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const isRefusal = error instanceof RemoteError && !notTheirs.has(novaErrorKinds.get(error.className));
    throw (isRefusal && translate(error)) || error;
  }
}
