// What crosses a process boundary: arguments and results of RPC methods, network_info, versioned objects, failures.
export { RpcArgumentError } from './errors/rpc-argument.error.js';
export { describeError, type RpcFailure } from './errors/rpc-failure.js';
export { RpcValueError } from './errors/rpc-value.error.js';
export { FixedIpAddressArguments, LeaseEventArguments } from './fixed-ips/fixed-ip-arguments.js';
export { fixedIpObject, type FixedIpDict } from './fixed-ips/fixed-ip-object.js';
export {
  AllocateForInstanceArguments,
  DeallocateForInstanceArguments,
  DeleteInstanceArguments,
  InstanceNwInfoArguments,
  InstanceRegistrationDto,
  PutInstanceArguments,
  PutInstanceDto,
} from './instances/instance-arguments.js';
export { instanceDict, instanceRegistration, type InstanceDict } from './instances/instance-dict.js';
export {
  networkInfo,
  type NetworkInfo,
  type NetworkInfoTraits,
  type VifInfo,
} from './instances/network-info.js';
export { parseRequestedNetworks, type RequestedNetwork } from './instances/requested-network.js';
export {
  CreateNetworksArguments,
  DeleteNetworkArguments,
  GetNetworkArguments,
  NetworkRefArguments,
  PingArguments,
  SetupNetworkOnHostArguments,
  SetupNetworksOnHostArguments,
} from './networks/network-arguments.js';
export { networkDict, networkObject, type NetworkDict } from './networks/network-dict.js';
export { parseArguments } from './wire/arguments.js';
export { isRecord, unwrapObjects, versionedObject, type VersionedObject } from './wire/versioned-object.js';
