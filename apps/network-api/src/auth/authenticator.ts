import type { Request } from 'express';
import type { Requester } from './requester.js';

/** What was made out of a request's token: who asks, or what he is told instead. */
export type Authentication = Requester | Denial;

/** @see Authentication */
export interface Denial {
  readonly status: 204 | 401;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Finds out who asks (`auth_strategy`). */
export abstract class Authenticator {
  /** Throws AuthenticationUnavailable when who could know it does not answer. */
  abstract authenticate(request: Pick<Request, 'get' | 'originalUrl'>): Promise<Authentication>;
}

/** nova's words for who has no token, or none that is good. */
export const UNAUTHORIZED: Denial = {
  status: 401,
  message: 'The request you have made requires authentication.',
  headers: {},
};
