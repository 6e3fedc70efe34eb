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
  CannotDisassociateAutoAssignedFloatingIP: 'forbidden',
  CidrConflict: 'conflict',
  DatabaseUnavailable: 'unavailable',
  DuplicateVlan: 'conflict',
  FixedIpAlreadyInUse: 'conflict',
  FixedIpAssociateFailed: 'unavailable',
  FixedIpInvalid: 'invalid',
  FixedIpLimitExceeded: 'exhausted',
  FixedIpNotFound: 'not-found',
  FixedIpNotFoundForAddress: 'not-found',
  FixedIpNotFoundForInstance: 'not-found',
  FixedIpNotFoundForNetwork: 'not-found',
  FixedIpNotFoundForSpecificInstance: 'not-found',
  FloatingIpAllocated: 'conflict',
  FloatingIpAssociateFailed: 'conflict',
  FloatingIpAssociated: 'conflict',
  FloatingIpDNSExists: 'conflict',
  FloatingIpExists: 'conflict',
  FloatingIpLimitExceeded: 'exhausted',
  FloatingIpNotAssociated: 'conflict',
  FloatingIpNotFound: 'not-found',
  FloatingIpNotFoundForAddress: 'not-found',
  FloatingIpPoolExists: 'conflict',
  FloatingIpPoolInUse: 'conflict',
  FloatingIpPoolNotFound: 'not-found',
  Forbidden: 'forbidden',
  HostBinaryNotFound: 'not-found',
  InstanceInUse: 'conflict',
  InstanceNotFound: 'not-found',
  InvalidAddress: 'invalid',
  InvalidCidr: 'invalid',
  InvalidInput: 'invalid',
  InvalidIntValue: 'invalid',
  InvalidIpAddressError: 'invalid',
  InvalidIpProtocol: 'invalid',
  InvalidPortRange: 'invalid',
  InvalidSecurityGroupRule: 'invalid',
  InvalidUUID: 'invalid',
  LabelTooLong: 'invalid',
  NetworkDhcpReleaseFailed: 'internal',
  NetworkHasProject: 'conflict',
  NetworkHostUnavailable: 'unavailable',
  NetworkInUse: 'conflict',
  NetworkLimitExceeded: 'exhausted',
  NetworkNotCreated: 'invalid',
  NetworkNotFound: 'not-found',
  NetworkNotFoundForCidr: 'not-found',
  NetworkNotFoundForProject: 'not-found',
  NetworkNotFoundForUUID: 'not-found',
  NoFloatingIpInterface: 'not-found',
  NoMoreFixedIps: 'exhausted',
  NoMoreFloatingIps: 'not-found',
  NoMoreNetworks: 'exhausted',
  NoNetworksFound: 'not-found',
  NotFound: 'not-found',
  ProviderFirewallRuleExists: 'conflict',
  ProviderFirewallRuleNotFound: 'not-found',
  SecurityGroupDefaultRuleExists: 'conflict',
  SecurityGroupDefaultRuleNotFound: 'not-found',
  SecurityGroupExists: 'invalid',
  SecurityGroupExistsForInstance: 'invalid',
  SecurityGroupInUse: 'invalid',
  SecurityGroupLimitExceeded: 'exhausted',
  SecurityGroupNotExistsForInstance: 'invalid',
  SecurityGroupNotFound: 'not-found',
  SecurityGroupNotFoundForProject: 'not-found',
  SecurityGroupNotFoundForRule: 'not-found',
  SecurityGroupRuleExists: 'invalid',
  SystemSecurityGroup: 'invalid',
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
