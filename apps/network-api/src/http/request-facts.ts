import { AsyncLocalStorage } from 'node:async_hooks';

/** What the form of a request says, besides what it is for. */
export interface RequestFacts {
  /** Of the microversion: 25 of 2.25. */
  readonly minor: number;
  /** It came by nova's older `/v2`: what is unknown in its body is passed over. */
  readonly isLegacy: boolean;
  /** The project that stands in its path. */
  readonly urlProject: string | undefined;
}

const ofRequests = new WeakMap<object, RequestFacts>();

const PLAIN: RequestFacts = { minor: 1, isLegacy: false, urlProject: undefined };

/** @param request or its body */
export function factsOf(request: object): RequestFacts {
  return ofRequests.get(request) ?? PLAIN;
}

export function noteFacts(request: object, facts: RequestFacts): void {
  ofRequests.set(request, facts);
}

const current = new AsyncLocalStorage<RequestFacts>();

/** What answers the request finds by itself what its form says of it. */
export function withFacts(facts: RequestFacts, work: () => void): void {
  current.run(facts, work);
}

/** Whether the request that is being answered came by `/v2`, for those who do not see it. */
export function isLegacyRequest(): boolean {
  return current.getStore()?.isLegacy ?? false;
}
