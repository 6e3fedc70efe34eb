import { expect, it } from 'vitest';

import { ipv4Of, tapName, type VifInfo } from './network-info.js';

const vif = (dhcpServer: string | null): VifInfo => ({
  id: '8b0a2e5c-5d0f-4a38-9c7a-0f2a6d1f3c11',
  address: 'fa:16:3e:00:00:01',
  network: {
    id: '5d3ca0e0-5d0f-4a38-9c7a-0f2a6d1f3c11',
    label: 'private',
    bridge: 'br100',
    meta: { should_create_bridge: true },
    subnets: [
      {
        cidr: '10.0.0.0/24',
        version: 4,
        gateway: { address: '10.0.0.1' },
        dns: [],
        ips: [{ address: '10.0.0.3' }],
        routes: [],
        meta: { dhcp_server: dhcpServer },
      },
      { cidr: null, version: null, gateway: { address: null }, dns: [], ips: [], routes: [], meta: {} },
    ],
  },
});

it("names the host's end of a NIC as nova does", () => {
  expect(tapName(vif(null))).toBe('tap8b0a2e5c-5d');
});

it('reads the IPv4 side of a NIC', () => {
  expect(ipv4Of(vif('10.0.0.1'))).toEqual({ address: '10.0.0.3', isServedByDhcp: true });
  expect(ipv4Of(vif(null))).toEqual({ address: '10.0.0.3', isServedByDhcp: false });
  expect(ipv4Of({ ...vif(null), network: { ...vif(null).network, subnets: [] } })).toBeUndefined();
});
