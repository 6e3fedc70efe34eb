import { NetworkServiceError, type ErrorKind } from '@novanet/ipam';
import { RpcArgumentError } from './rpc-argument.error.js';
import { RpcNotImplementedError } from './rpc-not-implemented.error.js';
import { RpcValueError } from './rpc-value.error.js';

/** An exception as it travels to a Python caller, who re-raises `module.class(*args, **kwargs)`. */
export interface RpcFailure {
  readonly class: string;
  readonly module: string;
  readonly message: string;
  readonly args: readonly string[];
  readonly kwargs: Readonly<Record<string, unknown>>;
}

/** nova's class codes where they are not what the kind suggests: clients see them in `kwargs`. */
const novaCodes: Readonly<Record<string, number>> = {
  CannotDisassociateAutoAssignedFloatingIP: 500,
  FixedIpAlreadyInUse: 500,
  FixedIpAssociateFailed: 500,
  FixedIpLimitExceeded: 413,
  FloatingIpDNSExists: 400,
  FloatingIpAssociateFailed: 500,
  FloatingIpAssociated: 500,
  FloatingIpExists: 500,
  FloatingIpNotAssociated: 500,
  NetworkHasProject: 500,
  NetworkInUse: 500,
  NoMoreFixedIps: 500,
  NoMoreNetworks: 500,
  SecurityGroupDefaultRuleNotFound: 400,
  VirtualInterfaceMacAddressException: 500,
};

const kindCodes: Readonly<Record<ErrorKind, number>> = {
  'not-found': 404,
  conflict: 409,
  invalid: 400,
  forbidden: 403,
  exhausted: 413,
  unavailable: 503,
  internal: 500,
};

/** Every error of a handler as a failure on the wire: the one place where our classes meet Python's. */
export function describeError(error: unknown): RpcFailure {
  if (error instanceof NetworkServiceError) {
    const code = novaCodes[error.name] ?? kindCodes[error.kind];
    return failure('nova.exception', error.name, error.message, { ...error.details, code });
  }
  // "exceptions" is the module name that callers on either line of Python accept for a built-in.
  if (error instanceof RpcArgumentError) return failure('exceptions', 'TypeError', error.message);
  if (error instanceof RpcValueError) return failure('exceptions', 'ValueError', error.message);
  if (error instanceof RpcNotImplementedError) {
    return { ...failure('exceptions', 'NotImplementedError', ''), args: [] };
  }
  const [name, message] = error instanceof Error ? [error.name, error.message] : ['Error', String(error)];
  return failure('novanet', name, message);
}

function failure(
  module: string,
  name: string,
  message: string,
  kwargs: RpcFailure['kwargs'] = {},
): RpcFailure {
  return { class: name, module, message, args: [message], kwargs };
}
