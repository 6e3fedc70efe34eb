import { Ipv4, parseDeviceName } from '@novanet/net-address';
import { describe, expect, it } from 'vitest';
import type { FloatingIpIntent } from '../host-intent.js';
import { planHost } from '../plan-host.js';
import { floatingIp, intentOf, networkOf } from '../testing/index.js';

const F = floatingIp('203.0.113.5', '10.0.0.3');
const [eth1, eth3] = [parseDeviceName('eth1'), parseDeviceName('eth3')];

const planOf = (floating: Partial<FloatingIpIntent>, settings: Parameters<typeof intentOf>[1] = {}) =>
  planHost(intentOf([networkOf()], settings, { floatingIps: [{ ...F, ...floating }] }));

describe('a floating IP', () => {
  it.each([
    { name: 'is on public_interface', floating: {}, device: 'eth0' },
    {
      name: 'is on its own interface, also against public_interface',
      floating: { interface: eth3 },
      device: 'eth3',
    },
    {
      name: 'is on the bridge when its interface is in that',
      floating: { interface: eth1 },
      device: 'br100',
    },
  ])('$name', ({ floating, device }) => {
    const plan = planOf(floating);
    expect(plan.floatingIps).toEqual([{ address: F.address, fixedAddress: F.fixedAddress, device }]);
    const nat = plan.firewall.ipv4.tables.find(({ name }) => name === 'nat');
    expect(nat?.chains.flatMap(({ rules }) => rules)).toContain(
      `-s 10.0.0.3/32 -o ${device} -j SNAT --to-source 203.0.113.5`,
    );
  });

  it.each([
    {
      name: 'nobody gave an interface',
      floating: {},
      settings: { publicInterface: undefined },
      message: 'set public_interface',
    },
    {
      name: 'belongs to a network this host does not serve',
      floating: { networkId: 7 },
      settings: {},
      message: 'does not serve network 7',
    },
    {
      name: 'is the address of this host',
      floating: { address: Ipv4.parse('192.0.2.10') },
      settings: {},
      message: 'would be cut off',
    },
  ])('that $name is left out and reported', ({ floating, settings, message }) => {
    const plan = planOf(floating, settings);
    const address = { ...F, ...floating }.address;
    expect(plan.floatingIps).toEqual([]);
    expect(plan.problems).toEqual([
      { subject: address.toString(), message: expect.stringContaining(message), floatingIps: [address] },
    ]);
    expect(JSON.stringify(plan.firewall)).not.toContain(`${address.toString()}/32 -j DNAT`);
  });
});

it.each([
  { settings: {}, times: 1 },
  { settings: { sendArpForHa: true }, times: 3 },
  { settings: { sendArpForHa: true, sendArpForHaCount: 0 }, times: 1 },
  { settings: { sendArpForHa: false, sendArpForHaCount: 5 }, times: 1 },
])('a new floating IP is announced $times times with $settings', ({ settings, times }) => {
  expect(planOf({}, settings).announcements).toBe(times);
});
