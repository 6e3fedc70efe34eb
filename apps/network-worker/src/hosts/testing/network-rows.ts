import type { Network, Nic } from '@novanet/ipam';
import { Ipv4, Mac } from '@novanet/net-address';

/** The NIC of an instance in the network. */
export function nicIn(network: Network): Nic {
  const vif = {
    id: 1,
    uuid: '0a1b2c3d-4e5f-0000-0000-000000000000',
    mac: Mac.ofNova(1),
    networkId: network.id,
    instanceUuid: 'i1',
    createdAt: new Date(0),
  };
  const fixedIp = {
    id: 1,
    address: Ipv4.parse('10.0.0.3'),
    networkId: network.id,
    vifId: vif.id,
    instanceUuid: vif.instanceUuid,
    subnetId: 0,
    role: 'instance',
    host: null,
    isAllocated: true,
    lease: null,
    floatingAddresses: [],
    createdAt: new Date(0),
    updatedAt: null,
  } as const;
  return { vif, network, fixedIps: [fixedIp], dhcpServer: Ipv4.parse('10.0.0.1') };
}
