import type * as ipam from '@novanet/ipam';
import type { ErrorKind, NetworkServiceError } from '@novanet/ipam';

type ErrorClassName = {
  [Name in keyof typeof ipam]: (typeof ipam)[Name] extends new (...args: never[]) => NetworkServiceError
    ? Name
    : never;
}[keyof typeof ipam];

const domainErrors: Readonly<Record<ErrorClassName, ErrorKind>> = {
  AddressOutOfRange: 'invalid',
  AdminRequired: 'forbidden',
  CidrConflict: 'conflict',
  DatabaseUnavailable: 'unavailable',
  DuplicateVlan: 'conflict',
  FixedIpAlreadyInUse: 'conflict',
  FixedIpAssociateFailed: 'unavailable',
  FixedIpInvalid: 'invalid',
  FixedIpLimitExceeded: 'exhausted',
  FixedIpNotFoundForAddress: 'not-found',
  FixedIpNotFoundForNetwork: 'not-found',
  Forbidden: 'forbidden',
  InstanceInUse: 'conflict',
  InstanceNotFound: 'not-found',
  InvalidAddress: 'invalid',
  InvalidCidr: 'invalid',
  InvalidInput: 'invalid',
  InvalidIntValue: 'invalid',
  InvalidUUID: 'invalid',
  LabelTooLong: 'invalid',
  NetworkHasProject: 'conflict',
  NetworkHostUnavailable: 'unavailable',
  NetworkInUse: 'conflict',
  NetworkNotCreated: 'invalid',
  NetworkNotFound: 'not-found',
  NetworkNotFoundForCidr: 'not-found',
  NetworkNotFoundForProject: 'not-found',
  NetworkNotFoundForUUID: 'not-found',
  NoMoreFixedIps: 'exhausted',
  NoNetworksFound: 'not-found',
  VirtualInterfaceCreateException: 'internal',
  VirtualInterfaceMacAddressException: 'conflict',
};

/**
 * Kinds of the errors that a worker answers with, by the class name on the wire: ours, and Python's where the values
 * of a request make no sense to it.
 */
export const novaErrorKinds: ReadonlyMap<string, ErrorKind> = new Map([
  ...Object.entries(domainErrors),
  ['TypeError', 'invalid'],
  ['ValueError', 'invalid'],
]);
