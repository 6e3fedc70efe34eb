import type { Requester } from './requester.js';

/** What was made out of a request's token: who asks, or what he is told instead. */
export type Authentication = Requester | Denial;

/** @see Authentication */
export interface Denial {
  readonly status: 204 | 401 | 503;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What of a request says who asks. */
export interface Asking {
  get(header: string): string | undefined;
  readonly originalUrl: string;
}

/** Finds out who asks (`auth_strategy`). */
export abstract class Authenticator {
  /** Who could know it and does not answer is no reason for a 401: that is 503. */
  abstract authenticate(request: Asking): Promise<Authentication>;
}

/** nova's words for who has no token, or none that is good. */
export const UNAUTHORIZED: Denial = {
  status: 401,
  message: 'The request you have made requires authentication.',
  headers: {},
};
