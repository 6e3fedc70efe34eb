// The flows of the network service (create, allocate, deallocate …) over ipam and the hosts.
export { isVisible, type Caller } from './caller.js';
export { HostSetupFailed } from './hosts/host-setup-failed.error.js';
export { NetworkHosts } from './hosts/network-hosts.port.js';
export { SetupNetworksOnHost } from './hosts/setup-networks-on-host.js';
export { AllocateForInstance } from './instances/allocate-for-instance.js';
export { DeallocateForInstance } from './instances/deallocate-for-instance.js';
export { InstanceNetworkInfo } from './instances/instance-network-info.js';
export { flatDhcpManager, type ManagerTraits } from './managers/manager-traits.js';
export { CreateNetworks } from './networks/create-networks.js';
export { DeleteNetwork } from './networks/delete-network.js';
export type { NetworkDefaults } from './networks/network-defaults.js';
