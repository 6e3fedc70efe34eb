import type { PortFilterPlan } from '@novanet/host-plan';
import { Mac, parseDeviceName } from '@novanet/net-address';
import { expect, test } from 'vitest';
import { portFinder } from './instance-ports.js';
import { parseLinks } from './link.js';

const NIC: PortFilterPlan = {
  device: parseDeviceName('tap1'),
  mac: Mac.parse('fa:16:3e:00:00:01'),
  bridge: parseDeviceName('br100'),
  packets: { ipv4: [], ipv6: [] },
  ownIpv6: [],
  frames: [],
  usesDhcp: false,
};

test.each([
  { name: 'by the name of nova', links: [{ ifname: 'tap1', master: 'br100' }], port: 'tap1' },
  {
    name: 'by the MAC that libvirt gives it',
    links: [{ ifname: 'vnet7', master: 'br100', address: 'fe:16:3e:00:00:01' }],
    port: 'vnet7',
  },
  {
    name: 'by its name rather than by a MAC',
    links: [
      { ifname: 'vnet7', master: 'br100', address: 'fe:16:3e:00:00:01' },
      { ifname: 'tap1', master: 'br100' },
    ],
    port: 'tap1',
  },
  { name: 'not in another bridge', links: [{ ifname: 'tap1', master: 'br200' }], port: undefined },
  {
    name: 'not in another bridge by its MAC',
    links: [{ ifname: 'vnet7', master: 'br200', address: 'fe:16:3e:00:00:01' }],
    port: undefined,
  },
  { name: 'not without a bridge', links: [{ ifname: 'tap1' }], port: undefined },
  {
    name: 'not by the MAC of the NIC itself, which anybody may have',
    links: [{ ifname: 'eth7', master: 'br100', address: 'fa:16:3e:00:00:01' }],
    port: undefined,
  },
])('a port is found $name', ({ links, port }) => {
  expect(portFinder(parseLinks(JSON.stringify(links)))(NIC)).toBe(port);
});
