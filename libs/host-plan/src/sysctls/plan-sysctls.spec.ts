import { Ipv6, Ipv6Cidr, parseDeviceName } from '@novanet/net-address';
import { describe, expect, test } from 'vitest';
import type { HostSettings, NetworkIntent } from '../host-intent.js';
import { planHost } from '../plan-host.js';
import { intentOf, networkOf, v4Of } from '../testing/index.js';

const [eth0, eth1, br100] = ['eth0', 'eth1', 'br100'].map(parseDeviceName);
const V6 = { cidr: Ipv6Cidr.parse('fd00::/64'), gateway: Ipv6.parse('fd00::1') };
const BOTH: Partial<HostSettings> = { usesIpv6: true };
const ISOLATED = { ...V6, gateway: undefined };

const GUARD = 'br100.accept_ra=0';

function planned(networks: readonly Partial<NetworkIntent>[], settings: Partial<HostSettings>): string[] {
  const { sysctls } = planHost(intentOf(networks.map(networkOf), settings));
  return sysctls.map(({ key, value }) => `${key.replace('net.ipv6.conf.', '')}=${value}`);
}

test.each<{
  name: string;
  networks: Partial<NetworkIntent>[];
  settings: Partial<HostSettings>;
  keys: string[];
}>([
  { name: 'no network', networks: [], settings: BOTH, keys: [] },
  { name: 'a network of IPv4', networks: [{}], settings: BOTH, keys: ['net.ipv4.ip_forward=1', GUARD] },
  {
    name: 'a network of both',
    networks: [{ v6: V6 }],
    settings: BOTH,
    keys: [
      'net.ipv4.ip_forward=1',
      // before forwarding, which lets the kernel forget the default route of a host that does not heed routers
      'eth0.accept_ra=2',
      'all.forwarding=1',
      GUARD,
      'br100.accept_dad=0',
    ],
  },
  {
    name: 'a network of both on a host without use_ipv6',
    networks: [{ v6: V6 }],
    settings: {},
    keys: ['net.ipv4.ip_forward=1', GUARD],
  },
  {
    name: 'an isolated network of IPv6',
    networks: [{ v4: undefined, v6: ISOLATED }],
    settings: BOTH,
    keys: [GUARD, 'br100.accept_dad=0'],
  },
  {
    name: 'a host without public interface',
    networks: [{ v4: undefined, v6: V6 }],
    settings: { publicInterface: undefined },
    keys: ['all.forwarding=1', GUARD, 'br100.accept_dad=0'],
  },
])('$name needs $keys', ({ networks, settings, keys }) => {
  expect(planned(networks, settings)).toEqual(keys);
});

describe('a bridge that the host reaches the outside by', () => {
  test.each([
    { name: 'has the public interface in it', settings: { ...BOTH, publicInterface: eth1 } },
    { name: 'is the public interface', settings: { ...BOTH, publicInterface: br100 } },
  ])('goes on to heed routers when it $name', ({ settings }) => {
    expect(planned([{ v6: V6 }], settings)).toEqual([
      'net.ipv4.ip_forward=1',
      'br100.accept_ra=2',
      'all.forwarding=1',
    ]);
    expect(planned([{}], settings)).toEqual(['net.ipv4.ip_forward=1']);
  });
});

test('what an operator has set for the public interface is left', () => {
  const { sysctls } = planHost(intentOf([networkOf({ v6: V6 })], { ...BOTH, publicInterface: eth0 }));
  expect(sysctls.filter(({ replaces }) => replaces !== undefined)).toMatchObject([
    { key: 'net.ipv6.conf.eth0.accept_ra', value: '2', replaces: '1', device: 'eth0' },
  ]);
});

test('IPv6 that cannot be forwarded blocks nobody who has IPv4', () => {
  const vital = (networks: readonly Partial<NetworkIntent>[]) =>
    planHost(intentOf(networks.map(networkOf), BOTH)).sysctls.flatMap(({ key, isVital }) =>
      isVital ? [key] : [],
    );
  expect(vital([{ v6: V6 }])).toEqual(['net.ipv4.ip_forward']);
  expect(vital([{ v4: undefined, v6: V6 }])).toEqual(['net.ipv6.conf.all.forwarding']);
  expect(vital([{ v4: v4Of(), v6: ISOLATED }])).toEqual(['net.ipv4.ip_forward']);
});
