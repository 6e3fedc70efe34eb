// Who holds which address: networks, subnets, pools, fixed IPs, virtual interfaces, instances.
export * from './errors.js';
export { ringSize, type RingCursor, type Span } from './fixed-ips/address-ring.js';
export type { AllocationRequest, NicRequest } from './fixed-ips/allocation.js';
export type { FixedIp, FixedIpRole, Lease, Nic, VirtualInterface } from './fixed-ips/fixed-ip.js';
export { FixedIpLedger } from './fixed-ips/fixed-ip-ledger.js';
export {
  FixedIpStore,
  type EnrolledInstance,
  type FixedIpTransaction,
  type HeldLeaseRow,
  type Holding,
  type NewFixedIp,
  type NewVif,
  type ServedRows,
  type StaleCounts,
} from './fixed-ips/fixed-ip-store.port.js';
export type { LeaseEvent, LeaseOutcome, ReleaseEvent, ReleaseOutcome } from './fixed-ips/lease-event.js';
export type { HeldLease, ServedAddress, ServedHost, ServedNetwork } from './fixed-ips/served-network.js';
export type { Instance, InstanceIdentity, InstanceRegistration } from './instances/instance.js';
export { defaultHostname, InstanceRegistry } from './instances/instance-registry.js';
export { InstanceStore, type NamedRegistration } from './instances/instance-store.port.js';
export { namedAddresses, type NamedAddress } from './networks/named-addresses.js';
export {
  subnetOf,
  type AddressPool,
  type Network,
  type NetworkDraft,
  type Subnet,
  type SubnetDraft,
} from './networks/network.js';
export {
  NetworkCatalogue,
  type DeleteOptions,
  type NetworkPlan,
  type RequestOptions,
} from './networks/network-catalogue.js';
export { NetworkStore, type NetworkKeys, type NetworkTransaction } from './networks/network-store.port.js';
export { ServiceDirectory } from './services/service-directory.js';
export { isServiceUp, type Service } from './services/service.js';
export { ServiceStore, type Heartbeat } from './services/service-store.port.js';
