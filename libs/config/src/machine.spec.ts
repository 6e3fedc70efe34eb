import { expect, it } from 'vitest';
import { deviceOfDefaultRoute } from './machine.js';

const HEAD = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT';

it.each([
  { name: 'no route at all', lines: [], device: undefined },
  {
    name: 'no default route',
    lines: ['eth0\t0000A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0'],
    device: undefined,
  },
  {
    name: 'the lowest metric',
    lines: [
      'wlan0\t00000000\t0100A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0',
      'eth0\t00000000\t0100A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0',
      'eth1\t00000000\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0',
    ],
    device: 'eth0',
  },
])('finds the device of the default route: $name', ({ lines, device }) => {
  expect(deviceOfDefaultRoute([HEAD, ...lines, ''].join('\n'))).toBe(device);
});
