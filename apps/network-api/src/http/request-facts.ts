import type { Request } from 'express';

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

export function factsOf(request: Request): RequestFacts {
  return ofRequests.get(request) ?? PLAIN;
}

export function noteFacts(request: Request, facts: RequestFacts): void {
  ofRequests.set(request, facts);
}
