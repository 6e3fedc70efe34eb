import type { GuestVif } from '../guest-nics.js';

type Subnet = GuestVif['network']['subnets'][number];

/** A subnet of network_info in which only what is given matters. */
export function subnet(
  cidr: string,
  ips: readonly string[],
  more: {
    readonly gateway?: string;
    readonly dns?: readonly string[];
    readonly routes?: Subnet['routes'];
    readonly meta?: Subnet['meta'];
  } = {},
): Subnet {
  const { gateway = null, dns = [], routes = [], meta = {} } = more;
  return {
    cidr,
    version: cidr.includes(':') ? 6 : 4,
    gateway: { address: gateway },
    dns: dns.map((address) => ({ address })),
    ips: ips.map((address) => ({ address })),
    routes,
    meta,
  };
}

/** What network_info has for a family that a network lacks. */
export const absent: Subnet = {
  cidr: null,
  version: null,
  gateway: { address: null },
  dns: [],
  ips: [],
  routes: [],
  meta: {},
};

/** A NIC of an injected network; `number` tells it from others. */
export function vif(
  number: number,
  subnets: readonly Subnet[],
  meta: GuestVif['network']['meta'] = { injected: true },
): GuestVif {
  return {
    id: `00000000-0000-4000-8000-00000000000${number}`,
    address: `fa:16:3e:00:00:0${number}`,
    network: { id: `10000000-0000-4000-8000-00000000000${number}`, subnets, meta },
  };
}

/** Two NICs of both families, the second without IPv4 gateway and name server. */
export const novaTwoNics: readonly GuestVif[] = [
  vif(0, [
    subnet('10.0.0.0/24', ['10.0.0.3'], { gateway: '10.0.0.1', dns: ['8.8.4.4'] }),
    subnet('fd00::/64', ['fd00::f816:3eff:fe00:0'], { gateway: 'fd00::1' }),
  ]),
  vif(1, [
    subnet('10.0.1.0/24', ['10.0.1.3']),
    subnet('fd00:0:0:1::/64', ['fd00::1:f816:3eff:fe00:1'], { gateway: 'fd00:0:0:1::1' }),
  ]),
];

/** Routes, further addresses, an MTU, families that are missing, and a NIC with DHCP in between. */
export const manyNics: readonly GuestVif[] = [
  vif(
    0,
    [
      subnet('10.0.0.0/24', ['10.0.0.3', '10.0.0.4'], {
        gateway: '10.0.0.1',
        dns: ['8.8.4.4', '8.8.8.8'],
        routes: [{ cidr: '192.168.9.0/24', gateway: { address: '10.0.0.254' } }],
      }),
      absent,
    ],
    { injected: true, mtu: 1450 },
  ),
  vif(
    1,
    [
      subnet('10.1.0.0/24', ['10.1.0.3', '10.1.0.4'], {
        gateway: '10.1.0.1',
        dns: ['8.8.4.4'],
        meta: { dhcp_server: '10.1.0.1' },
      }),
      subnet('fd01::/64', ['fd01::f816:3eff:fe00:1'], { gateway: 'fd01::1', meta: { dhcp_server: null } }),
    ],
    { mtu: 1450 },
  ),
  vif(2, [
    subnet('10.2.0.0/31', ['10.2.0.1'], { gateway: '10.2.0.0' }),
    subnet('fd02::/64', ['fd02::f816:3eff:fe00:2', 'fd02::2'], {
      gateway: 'fd02::1',
      dns: ['fd02::53'],
      routes: [{ cidr: 'fd09::/48', gateway: { address: 'fd02::fe' } }],
    }),
  ]),
  vif(3, [absent, subnet('fd03::/64', ['fd03::f816:3eff:fe00:3'])]),
];
