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

/** @param request or its body, which is all that a pipe is given */
export function noteFacts(request: object, facts: RequestFacts): void {
  ofRequests.set(request, facts);
}
