import type { Row } from '../../testing/both-clients.js';
import type { TestWorker } from '../../testing/test-worker.js';
import { fixedAddress, gatewayAddress, macOf, networkRow, nic, requestedNetworks, uuidOf } from './shapes.js';

// What most stories begin with.

/** 10.0.0.0/24, served by one host for all. */
export const createPrivate: Row = [
  'create_networks',
  {
    label: 'private',
    uuid: uuidOf.private,
    cidr: '10.0.0.0/24',
    bridge: 'br100',
    bridge_interface: 'eth1',
    dns1: '8.8.4.4',
    multi_host: false,
  },
  [networkRow()],
];

const wideFacts = {
  label: 'wide',
  uuid: uuidOf.wide,
  cidr: '10.1.0.0/24',
  cidr_v6: 'fd00:0:0:1::/64',
  bridge: 'br200',
  bridge_interface: 'eth2',
  dns1: '8.8.4.4',
  multi_host: true,
};

/** 10.1.0.0/24 and fd00:0:0:1::/64, where each instance is served by its own host. */
export const createWide: Row = [
  'create_networks',
  wideFacts,
  [
    networkRow({
      ...wideFacts,
      id: 2,
      gateway: '10.1.0.1',
      dhcp_server: '10.1.0.1',
      dhcp_start: '10.1.0.2',
      broadcast: '10.1.0.255',
      netmask_v6: 'ffff:ffff:ffff:ffff::',
      gateway_v6: 'fd00:0:0:1::1',
    }),
  ],
];

/** `web` on h1 with 10.0.0.9, and the answer to it; `wide` is not asked for. */
export const bootArguments = {
  instance_id: uuidOf.web,
  project_id: 'p',
  host: 'h1',
  rxtx_factor: 1,
  vpn: false,
  macs: [macOf.web],
  requested_networks: requestedNetworks([uuidOf.private, '10.0.0.9']),
};

export const bootWeb: Row = [
  'allocate_for_instance',
  bootArguments,
  [nic({ ips: { '10.0.0.9': [] } })],
  { version: '1.13' },
];

/** `db` on h1 with 10.1.0.9 in `wide`. */
export const bootDb: Row = [
  'allocate_for_instance',
  {
    ...bootArguments,
    instance_id: uuidOf.db,
    macs: [macOf.db],
    requested_networks: [[uuidOf.wide, '10.1.0.9']],
  },
  [wideNic([fixedAddress('10.1.0.9')], null)],
  { version: '1.9', server: 'h1', after: takeHostAddress },
];

/** A host that converges takes an address for its DHCP server; the story's hosts only listen. */
async function takeHostAddress({ ipam, hosts }: TestWorker): Promise<void> {
  const network = await ipam.networks.findByUuid(uuidOf.wide);
  if (network) await ipam.fixedIps.claimHostAddress(network, hosts.self);
}

/** In `wide`, for `db`. */
export function wideNic(ips: readonly unknown[], dhcpServer: string | null = '10.1.0.2') {
  return nic({
    mac: macOf.db,
    ips: {},
    network: { id: uuidOf.wide, bridge: 'br200', label: 'wide' },
    meta: { bridge_interface: 'eth2', multi_host: true },
    subnet: {
      cidr: '10.1.0.0/24',
      gateway: gatewayAddress('10.1.0.1'),
      ips,
      meta: { dhcp_server: dhcpServer },
    },
    subnet6: {
      cidr: 'fd00:0:0:1::/64',
      version: 6,
      gateway: gatewayAddress('fd00:0:0:1::1'),
      ips: [fixedAddress('fd00::1:f816:3eff:fe00:2')],
    },
  });
}

/** Three floating IPs. */
export const growPool: Row = [
  'grow_floating_pool',
  { pool: 'nova', range: '203.0.113.1-203.0.113.3' },
  null,
  { namespace: 'novanet' },
];
