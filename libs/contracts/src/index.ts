// What crosses a process boundary: arguments and results of RPC methods, network_info, versioned objects, failures.
export {
  AddDnsEntryArguments,
  CreatePrivateDnsDomainArguments,
  CreatePublicDnsDomainArguments,
  DnsDomainArguments,
  DnsEntriesByAddressArguments,
  DnsNameArguments,
  ModifyDnsEntryArguments,
} from './dns/dns-arguments.js';
export { dnsDomainDict, type DnsDomainDict } from './dns/dns-domain-dict.js';
export {
  tryParseExamination,
  type CheckDict,
  type ExaminationDict,
  type FindingDict,
} from './doctor/examination.js';
export { RpcArgumentError } from './errors/rpc-argument.error.js';
export { describeError, type RpcFailure } from './errors/rpc-failure.js';
export { RpcNotImplementedError } from './errors/rpc-not-implemented.error.js';
export { RpcValueError } from './errors/rpc-value.error.js';
export {
  FixedIpAddressArguments,
  FixedIpIdArguments,
  IpFilterArguments,
  LeaseEventArguments,
  ReleaseDhcpArguments,
  RpcAllocateFixedIpArguments,
  VifByMacArguments,
  VifsByInstanceArguments,
} from './fixed-ips/fixed-ip-arguments.js';
export { fixedIpObject, type FixedIpDict } from './fixed-ips/fixed-ip-object.js';
export {
  AffectFloatingIpArguments,
  AllocateFloatingIpArguments,
  AssociateFloatingIpArguments,
  CarryFloatingIpArguments,
  DropFloatingIpArguments,
  FixedAddressArguments,
  FloatingIpAddressArguments,
  FloatingIpIdArguments,
  FloatingPoolArguments,
  GrowFloatingPoolArguments,
  ListFloatingIpsArguments,
  MigrateInstanceArguments,
  ShrinkFloatingPoolArguments,
} from './floating-ips/floating-ip-arguments.js';
export {
  associatedFloatingIpDict,
  floatingIpDict,
  floatingIpListObject,
  floatingIpObject,
  type FloatingIpDict,
} from './floating-ips/floating-ip-object.js';
export type { GuestNetworkOptions, GuestVif } from './guest-network/guest-nics.js';
export { interfacesFile } from './guest-network/interfaces-file.js';
export { netplanDocument, type NetplanDocument } from './guest-network/netplan.js';
export { networkData, type NetworkData } from './guest-network/network-data.js';
export {
  AddFixedIpArguments,
  AllocateForInstanceArguments,
  DeallocateFixedIpArguments,
  DeallocateForInstanceArguments,
  ClearInstancePasswordArguments,
  DeleteInstanceArguments,
  InstanceNwInfoArguments,
  InstanceRegistrationDto,
  PutInstanceArguments,
  PutInstanceDto,
  RemoveFixedIpArguments,
  ValidateNetworksArguments,
} from './instances/instance-arguments.js';
export { instanceDict, instanceRegistration, type InstanceDict } from './instances/instance-dict.js';
export { instanceObject, type InstanceObjectDict } from './instances/instance-object.js';
export { derivedIpv6, type Ipv6Backend } from './instances/derived-ipv6.js';
export {
  networkInfo,
  type NetworkInfo,
  type NetworkInfoTraits,
  type VifInfo,
} from './instances/network-info.js';
export { parseRequestedNetworks, type RequestedNetwork } from './instances/requested-network.js';
export {
  virtualInterfaceDict,
  virtualInterfaceObject,
  type VirtualInterfaceDict,
} from './fixed-ips/virtual-interface-object.js';
export {
  AddNetworkToProjectArguments,
  AssociateArguments,
  ConvertNetworkArguments,
  CreateNetworksArguments,
  DeleteNetworkArguments,
  GetNetworkArguments,
  ModifyNetworkArguments,
  NetworkRefArguments,
  PingArguments,
  RemoveHostArguments,
  DrainHostArguments,
  SetupNetworkOnHostArguments,
  SetupNetworksOnHostArguments,
  UpdateDnsArguments,
} from './networks/network-arguments.js';
export { networkDict, networkObject, type NetworkDict } from './networks/network-dict.js';
export { ProjectQuotasArguments, PutQuotasArguments, QuotaLimitsDto } from './quotas/quota-arguments.js';
export {
  ForceServiceDownArguments,
  ServiceArguments,
  SetServiceStatusArguments,
} from './services/service-arguments.js';
export {
  AddSecurityGroupRulesArguments,
  CidrRuleArguments,
  CreateSecurityGroupArguments,
  ListSecurityGroupsArguments,
  RenameSecurityGroupArguments,
  RuleIdArguments,
  SecurityGroupIdArguments,
  SecurityGroupMemberArguments,
  type SecurityGroupRuleDto,
} from './security-groups/security-group-arguments.js';
export {
  cidrRuleDict,
  securityGroupDict,
  securityGroupRuleDict,
  type CidrRuleDict,
  type SecurityGroupDict,
  type SecurityGroupRuleDict,
} from './security-groups/security-group-dict.js';
export { objectDateTime, plainDateTime } from './wire/date-time.js';
export { parseArguments } from './wire/arguments.js';
export { Nested, shaped } from './wire/shaped.js';
export { NoArguments } from './wire/no-arguments.js';
export { isRecord, unwrapObjects, versionedObject, type VersionedObject } from './wire/versioned-object.js';
