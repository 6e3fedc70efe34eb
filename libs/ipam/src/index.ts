// Who holds which address: networks, subnets, pools, fixed IPs, virtual interfaces, instances.
export { Batcher } from './batches/batcher.js';
export type { DnsDomain, DnsScope, PrivateDnsDomain, PublicDnsDomain } from './dns/dns-domain.js';
export { DnsDomainDirectory } from './dns/dns-domain-directory.js';
export { DnsDomainStore, type DnsDomainPut, type DnsDomainTransaction } from './dns/dns-domain-store.port.js';
export {
  parseDnsLabel,
  parseDomainName,
  parseInstanceDomain,
  tryParseDnsLabel,
  tryParseDomainName,
  type DnsEntry,
  type DnsLabel,
  type DnsName,
  type DomainName,
} from './dns/dns-name.js';
export { DnsRecordStore, type DnsRecordTransaction } from './dns/dns-record-store.port.js';
export { DnsRecords, type RecordChange, type ServedName } from './dns/dns-records.js';
export * from './dns/errors.js';
export * from './errors.js';
export { ringSize, type RingCursor, type Span } from './fixed-ips/address-ring.js';
export {
  randomNovaMac,
  type AllocationRequest,
  type MacSource,
  type NicRequest,
} from './fixed-ips/allocation.js';
export type { FixedIp, FixedIpRole, Lease, Nic, VirtualInterface } from './fixed-ips/fixed-ip.js';
export type { FixedIpFilter, ListedFixedIp } from './fixed-ips/listed-fixed-ip.js';
export { FixedIpLedger } from './fixed-ips/fixed-ip-ledger.js';
export { FixedIpReservations } from './fixed-ips/fixed-ip-reservations.js';
export {
  FixedIpStore,
  type EnrolledInstance,
  type FixedIpTransaction,
  type HeldLeaseRow,
  type Holding,
  type HostAddressOutcome,
  type NewFixedIp,
  type NewVif,
  type ServedRows,
  type StaleCounts,
} from './fixed-ips/fixed-ip-store.port.js';
export type { LeaseEvent, LeaseOutcome, ReleaseEvent, ReleaseOutcome } from './fixed-ips/lease-event.js';
export {
  sharedServer,
  type HeldLease,
  type ServedAddress,
  type InstanceName,
  type ServedHost,
  type ServedNetwork,
} from './fixed-ips/served-network.js';
export type { AddressCounts, SubnetUsage } from './fixed-ips/subnet-usage.js';
export * from './floating-ips/errors.js';
export type {
  FloatingIp,
  FloatingIpAssociation,
  FloatingIpChange,
  FloatingIpFilter,
  FloatingIpPool,
} from './floating-ips/floating-ip.js';
export { FloatingIpLedger } from './floating-ips/floating-ip-ledger.js';
export { FloatingIpPools, type PoolGrowth } from './floating-ips/floating-ip-pools.js';
export type {
  AssociationOutcome,
  AssociationTarget,
  FloatingIpOwner,
} from './floating-ips/floating-ip-requests.js';
export {
  FloatingIpStore,
  type FloatingIpState,
  type FloatingIpTransaction,
  type RememberedRequest,
} from './floating-ips/floating-ip-store.port.js';
export { parseFloatingRange } from './floating-ips/parse-floating-range.js';
export type {
  Instance,
  InstanceFilter,
  InstanceIdentity,
  InstanceObservation,
  InstanceRegistration,
  NameFilter,
  ObservedChange,
  PasswordOutcome,
  ObservedFacts,
} from './instances/instance.js';
export { defaultHostname, InstanceRegistry } from './instances/instance-registry.js';
export { InstanceWhereabouts } from './instances/instance-whereabouts.js';
export { WhereaboutsStore } from './instances/whereabouts-store.port.js';
export { InstanceStore, type NamedRegistration } from './instances/instance-store.port.js';
export { namedAddresses, type NamedAddress } from './networks/named-addresses.js';
export {
  hasHostAddresses,
  subnetOf,
  type AddressPool,
  type Network,
  type NetworkDraft,
  type Subnet,
  type SubnetDraft,
} from './networks/network.js';
export {
  NetworkCatalogue,
  type CreateOptions,
  type DeleteOptions,
  type NetworkLimit,
  type NetworkPlan,
  type RequestOptions,
} from './networks/network-catalogue.js';
export {
  type NetworkRevision,
  type RevisedNetwork,
  type RevisionScene,
} from './networks/network-revision.js';
export {
  NetworkStore,
  type NetworkChanges,
  type NetworkKeys,
  type NetworkTransaction,
  type SubnetChanges,
} from './networks/network-store.port.js';
export {
  ProjectQuotas,
  QUOTA_RESOURCES,
  usedOf,
  type ProjectUsage,
  type QuotaResource,
} from './quotas/project-quotas.js';
export { QuotaStore } from './quotas/quota-store.port.js';
export { CidrRuleList } from './security-groups/cidr-rule-list.js';
export * from './security-groups/errors.js';
export type { DeriveIpv6, FilteredInstance, HostFirewall } from './security-groups/host-firewall.js';
export type { MembershipOutcome } from './security-groups/membership.js';
export type { WriteOptions } from './security-groups/once.js';
export { cidrRuleDraft, ruleDraft, type RuleWish } from './security-groups/rule-wish.js';
export { SecurityGroupBook, type LimitedWriteOptions } from './security-groups/security-group-book.js';
export {
  SecurityGroupStore,
  type FilteredInstanceRow,
  type FirewallRows,
  type GroupKeys,
  type GroupRuleRow,
  type Membership,
  type MembershipChange,
  type RuleListName,
  type SecurityGroupTransaction,
  type SourceNicRow,
} from './security-groups/security-group-store.port.js';
export {
  DEFAULT_GROUP,
  type CidrRule,
  type CidrRuleDraft,
  type GroupName,
  type InstanceReference,
  type IpProtocol,
  type RuleDraft,
  type SecurityGroup,
  type SecurityGroupDraft,
  type SecurityGroupRule,
  type Traffic,
} from './security-groups/security-group.js';
export * from './services/errors.js';
export { ServiceDirectory } from './services/service-directory.js';
export { isServiceUp, type Service } from './services/service.js';
export {
  ServiceStore,
  type Heartbeat,
  type ServiceKey,
  type ServiceStatus,
} from './services/service-store.port.js';
