import { planHost } from '@novanet/host-plan';
import { floatingIp, intentOf, networkOf } from '@novanet/host-plan/testing';
import { parseDeviceName } from '@novanet/net-address';
import { describe, expect, it } from 'vitest';
import { Expectations } from './expectations.js';
import type { AddressEvent, KernelEvent, LinkEvent } from './kernel-event.js';

const plan = planHost(
  intentOf(
    [
      networkOf({}),
      networkOf({
        id: 2,
        bridge: parseDeviceName('br200'),
        bridgeInterface: parseDeviceName('eth2'),
        vlan: 200,
      }),
    ],
    {},
    { floatingIps: [floatingIp('203.0.113.5', '10.0.0.3')] },
  ),
);
const expectations = new Expectations(plan);

const link = (name: string, more: Partial<LinkEvent> = {}): KernelEvent => ({
  kind: 'link',
  name,
  index: 1,
  isGone: false,
  isUp: true,
  mtu: 1500,
  mac: undefined,
  alias: undefined,
  master: undefined,
  portFlags: [],
  ...more,
});
const address = (device: string, text: string, more: Partial<AddressEvent> = {}): KernelEvent => ({
  kind: 'address',
  device,
  address: text,
  isGone: false,
  isGlobal: true,
  ...more,
});
const isGone = true;

describe('against the plan is', () => {
  it.each([
    { event: link('br100', { isGone }), fault: 'br100 was deleted' },
    { event: link('br100', { isUp: false }), fault: 'br100 is down' },
    { event: link('eth1'), fault: 'eth1 is not in br100' },
    { event: link('eth1', { master: 'br9' }), fault: 'eth1 is in br9, not in br100' },
    { event: link('eth1', { master: 'br100', isUp: false }), fault: 'eth1 is down' },
    { event: link('eth1', { isGone }), fault: 'eth1 was deleted' },
    { event: link('vlan200', { isGone }), fault: 'vlan200 was deleted' },
    { event: link('eth2', { isGone }), fault: 'eth2 was deleted' },
    { event: address('br100', '10.0.0.1/24', { isGone }), fault: '10.0.0.1/24 was taken off br100' },
    { event: address('lo', '169.254.169.254/32', { isGone }), fault: '169.254.169.254/32 was taken off lo' },
    { event: address('eth0', '203.0.113.5/32', { isGone }), fault: '203.0.113.5/32 was taken off eth0' },
    { event: address('eth1', '10.9.9.5/24'), fault: 'eth1 has 10.9.9.5/24, which belongs on its bridge' },
    {
      event: { kind: 'forwarding' as const, version: 4 as const, isOn: false },
      fault: 'net.ipv4.ip_forward was switched off',
    },
  ])('$fault', ({ event, fault }) => {
    expect(expectations.judge(event, false)?.fault).toBe(fault);
  });

  it('an interface that is there at last: something may be waiting for it', () => {
    const found = ['eth0', 'eth1', 'eth2'].map((name) => expectations.judge(link(name), true)?.fault);
    expect(found).toEqual(['eth0 is new', 'eth1 is new', 'eth2 is new']);
    expect(expectations.judge(link('br100'), true)?.fault).toBeUndefined();
    expect(expectations.judge(link('vlan200', { master: 'br200' }), true)?.fault).toBeUndefined();
  });
});

it.each([
  { name: 'the bridge as it is', event: link('br100') },
  { name: 'its interface where it belongs', event: link('eth1', { master: 'br100' }) },
  { name: 'an interface of floating IPs without carrier', event: link('eth0', { isUp: false }) },
  { name: 'our address', event: address('br100', '10.0.0.1/24') },
  {
    name: 'an address that leaves the interface of a bridge',
    event: address('eth1', '10.9.9.5/24', { isGone }),
  },
])('as planned is $name', ({ event }) => {
  expect(expectations.judge(event, false)).toEqual({ key: expect.any(String), fault: undefined });
});

it.each([
  { name: 'an instance that is plugged in', event: link('tap1', { master: 'br100' }) },
  { name: 'an instance that is gone', event: link('tap1', { isGone }) },
  { name: 'a bridge of others', event: link('br9', { isGone }) },
  { name: 'an address of the operator on the bridge', event: address('br100', '10.9.9.5/24', { isGone }) },
  { name: 'an address of others', event: address('eth0', '192.0.2.10/24', { isGone }) },
  { name: 'a link-local address', event: address('eth1', 'fe80::1/64', { isGlobal: false }) },
])('nobody asks about $name', ({ event }) => {
  expect(expectations.judge(event, false)).toBeUndefined();
});
