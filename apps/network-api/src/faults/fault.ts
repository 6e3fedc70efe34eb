import type { ErrorKind } from '@novanet/ipam';

/** The body of a refused request: nova's form, and beside it the form that OpenStackClient can read. */
export interface FaultBody {
  readonly [name: string]: {
    readonly code: number;
    readonly message: string;
    readonly title?: string;
    readonly retryAfter?: string;
  };
}

/** Every kind of domain error as an HTTP status. */
export const statusByKind: Readonly<Record<ErrorKind, number>> = {
  'not-found': 404,
  conflict: 409,
  invalid: 400,
  forbidden: 403,
  exhausted: 413,
  unavailable: 503,
  internal: 500,
};

const namesByStatus: Readonly<Record<number, string>> = {
  400: 'badRequest',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'itemNotFound',
  405: 'badMethod',
  409: 'conflictingRequest',
  413: 'overLimit',
  415: 'badMediaType',
  429: 'overLimit',
  501: 'notImplemented',
  503: 'serviceUnavailable',
};

const titlesByName: Readonly<Record<string, string>> = {
  badRequest: 'Bad Request',
  unauthorized: 'Unauthorized',
  forbidden: 'Forbidden',
  itemNotFound: 'Not Found',
  badMethod: 'Method Not Allowed',
  conflictingRequest: 'Conflict',
  overLimit: 'Over Limit',
  badMediaType: 'Unsupported Media Type',
  notImplemented: 'Not Implemented',
  serviceUnavailable: 'Service Unavailable',
  computeFault: 'Internal Server Error',
};

/** The fault for a status; nova calls all that has no name of its own a computeFault. @param retryAfter the header of that name */
export function faultBody(status: number, message: string, retryAfter?: string): FaultBody {
  const name = namesByStatus[status] ?? 'computeFault';
  const isWorthwhile = name === 'overLimit' && retryAfter !== undefined;
  const fault = { code: status, message, ...(isWorthwhile && { retryAfter }) };
  // nova's clients read the first member only; OpenStackClient prints nothing useful without a member "error".
  return { [name]: fault, error: { ...fault, title: titlesByName[name] ?? name } };
}
