import { expect } from 'vitest';

// What nova answers, whole: the keys and values that a story does not name are those of a plain case.

/** Of the database. */
export const aTime: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
const anObjectTime: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
/** Drawn by the worker. */
const aUuid: unknown = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

type Values = Readonly<Record<string, unknown>>;

export const uuidOf = {
  private: '11111111-1111-4111-8111-111111111111',
  wide: '22222222-2222-4222-8222-222222222222',
  web: 'aaaaaaaa-0000-4000-8000-000000000001',
  db: 'aaaaaaaa-0000-4000-8000-000000000002',
  nobody: '00000000-0000-4000-8000-000000000099',
};

export const macOf = { web: 'fa:16:3e:00:00:01', db: 'fa:16:3e:00:00:02' };

/** Makes a caller's versioned object. */
export function novaObject(name: string, version: string, data: Values): Values {
  return {
    'nova_object.name': name,
    'nova_object.namespace': 'nova',
    'nova_object.version': version,
    'nova_object.data': data,
  };
}

/** An Instance object, with what a compute service tells of it. */
export const instanceObject = (uuid: string, more: Values = {}) =>
  novaObject('Instance', '2.1', { id: 42, uuid, host: 'h1', project_id: 'p', user_id: 'u1', ...more });

export const requestedNetworks = (...pairs: readonly (readonly [uuid: string, address: string | null])[]) =>
  novaObject('NetworkRequestList', '1.1', {
    objects: pairs.map(([network_id, address]) =>
      novaObject('NetworkRequest', '1.1', { network_id, address, port_id: null, pci_request_id: null }),
    ),
  });

/** `private`, as FlatDHCPManager makes it: 10.0.0.0/24 on br100, served by one host. */
const privateNetwork = {
  id: 1,
  label: 'private',
  injected: false,
  cidr: '10.0.0.0/24',
  cidr_v6: null,
  multi_host: false,
  netmask: '255.255.255.0',
  gateway: '10.0.0.1',
  broadcast: '10.0.0.255',
  netmask_v6: null,
  gateway_v6: null,
  bridge: 'br100',
  bridge_interface: 'eth1',
  dns1: '8.8.4.4',
  dns2: null,
  vlan: null,
  vpn_public_address: null,
  vpn_public_port: null,
  vpn_private_address: null,
  dhcp_start: '10.0.0.2',
  rxtx_base: null,
  project_id: null,
  priority: null,
  host: null,
  uuid: uuidOf.private,
  mtu: null,
  dhcp_server: '10.0.0.1',
  enable_dhcp: true,
  share_address: false,
  updated_at: null,
  deleted_at: null,
  deleted: false,
};

export const networkRow = (values: Values = {}) => ({ ...privateNetwork, created_at: aTime, ...values });

export const networkObject = (values: Values = {}) =>
  novaObject('Network', '1.2', { ...privateNetwork, created_at: anObjectTime, ...values });

export const fixedIpObject = (values: Values) =>
  novaObject('FixedIP', '1.14', {
    network_id: 1,
    virtual_interface_id: 1,
    instance_uuid: uuidOf.web,
    allocated: true,
    leased: false,
    reserved: false,
    host: null,
    created_at: anObjectTime,
    updated_at: null,
    deleted_at: null,
    deleted: false,
    ...values,
  });

export const vifRow = (values: Values = {}) => ({
  id: 1,
  address: macOf.web,
  network_id: 1,
  instance_uuid: uuidOf.web,
  uuid: aUuid,
  ...values,
});

export const vifObject = (values: Values = {}) =>
  novaObject('VirtualInterface', '1.0', {
    ...vifRow(values),
    created_at: anObjectTime,
    updated_at: null,
    deleted_at: null,
    deleted: false,
  });

const freeFloatingIp = {
  id: 1,
  address: '203.0.113.1',
  fixed_ip_id: null,
  project_id: null,
  host: null,
  auto_assigned: false,
  pool: 'nova',
  interface: null,
  deleted_at: null,
  deleted: false,
};

export const floatingIpRow = (values: Values = {}) => ({
  ...freeFloatingIp,
  created_at: aTime,
  updated_at: aTime,
  ...values,
});

export const floatingIpObject = (values: Values = {}) =>
  novaObject('FloatingIP', '1.10', {
    ...freeFloatingIp,
    created_at: anObjectTime,
    updated_at: anObjectTime,
    ...values,
  });

const address = (text: string, type: string) => ({
  address: text,
  type,
  version: text.includes(':') ? 6 : 4,
  meta: {},
});

interface NicFacts {
  readonly mac?: string;
  /** Fixed IPs, each with its floating IPs. */
  readonly ips: Readonly<Record<string, readonly string[]>>;
  readonly network?: Values;
  readonly subnet?: Values;
  readonly subnet6?: Values;
  readonly meta?: Values;
}

/** A NIC of network_info, in `private` unless told. */
export function nic({ mac = macOf.web, ips, network, subnet, subnet6, meta }: NicFacts) {
  return {
    id: aUuid,
    address: mac,
    network: {
      id: uuidOf.private,
      bridge: 'br100',
      label: 'private',
      meta: { tenant_id: null, should_create_bridge: true, bridge_interface: 'eth1', ...meta },
      subnets: [
        {
          cidr: '10.0.0.0/24',
          version: 4,
          dns: [address('8.8.4.4', 'dns')],
          gateway: address('10.0.0.1', 'gateway'),
          ips: Object.entries(ips).map(([fixed, floating]) => fixedAddress(fixed, floating)),
          routes: [],
          meta: { dhcp_server: '10.0.0.1' },
          ...subnet,
        },
        {
          cidr: null,
          version: null,
          dns: [],
          gateway: { address: null, type: 'gateway', version: null, meta: {} },
          ips: [],
          routes: [],
          meta: { dhcp_server: null },
          ...subnet6,
        },
      ],
      ...network,
    },
    type: 'bridge',
    details: {},
    devname: null,
    ovs_interfaceid: null,
    qbh_params: null,
    qbg_params: null,
    active: false,
    vnic_type: 'normal',
    profile: null,
    preserve_on_delete: false,
    meta: {},
  };
}

export const gatewayAddress = (text: string) => address(text, 'gateway');

export const fixedAddress = (text: string, floating: readonly string[] = []) => ({
  ...address(text, 'fixed'),
  floating_ips: floating.map((one) => address(one, 'floating')),
});
