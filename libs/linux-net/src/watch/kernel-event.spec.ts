import { expect, it } from 'vitest';
import { parseKernelEvent } from './kernel-event.js';

const ETHER = 'link/ether 4a:b5:79:a0:28:2e brd ff:ff:ff:ff:ff:ff';
const link = {
  kind: 'link',
  isGone: false,
  isUp: true,
  mtu: 1500,
  mac: '4a:b5:79:a0:28:2e',
  alias: undefined,
  master: undefined,
  portFlags: [],
};
const address = { kind: 'address', isGone: false, isGlobal: true };

it.each([
  {
    line: String.raw`2: br0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state DOWN group default \    ${ETHER}`,
    event: { ...link, name: 'br0', index: 2 },
  },
  {
    line: String.raw`Deleted 2: br0: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN group default \    ${ETHER}`,
    event: { ...link, name: 'br0', index: 2, isGone: true, isUp: false },
  },
  {
    line: String.raw`4: t0@if3: <BROADCAST,UP,M-DOWN> mtu 1500 qdisc noqueue master br0 state UP group default \    ${ETHER} \    bridge_slave state forwarding hairpin on guard off isolated off locked off`,
    event: { ...link, name: 't0', index: 4, master: 'br0', portFlags: ['hairpin'] },
  },
  {
    line: String.raw`2: tun0: <NOARP,UP> mtu 1400 qdisc noqueue state UP group default \    link/none  promiscuity 0 numtxqueues 1 \    alias of the operator's\    altname tun-long`,
    event: { ...link, name: 'tun0', index: 2, mtu: 1400, mac: undefined, alias: "of the operator's" },
  },
  // A bridge tells that a port left it: the device is still there.
  {
    line: String.raw`Deleted 4: t0@t1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 master br0 state UP \    link/ether 4a:b5:79:a0:28:2e`,
    event: undefined,
  },
  {
    line: String.raw`2: br0    inet 10.0.0.1/24 brd 10.0.0.255 scope global br0\       valid_lft forever preferred_lft forever`,
    event: { ...address, device: 'br0', address: '10.0.0.1/24' },
  },
  {
    line: String.raw`Deleted 1: lo    inet 169.254.169.254/32 scope link lo\       valid_lft forever preferred_lft forever`,
    event: { ...address, device: 'lo', address: '169.254.169.254/32', isGone: true, isGlobal: false },
  },
  {
    line: String.raw`3: t1    inet 10.0.0.1 peer 10.0.0.2/32 scope global t1\       valid_lft forever preferred_lft forever`,
    event: { ...address, device: 't1', address: '10.0.0.1/32' },
  },
  {
    line: String.raw`3: t1    inet6 fd00::1/64 scope global tentative nodad \       valid_lft forever preferred_lft forever`,
    event: { ...address, device: 't1', address: 'fd00::1/64' },
  },
  {
    line: 'inet all forwarding off rp_filter off mc_forwarding off ',
    event: { kind: 'forwarding', version: 4, isOn: false },
  },
  { line: 'inet6 all forwarding on ', event: { kind: 'forwarding', version: 6, isOn: true } },
  { line: 'inet eth0 forwarding off ', event: undefined },
  { line: 'fe80::/64 dev t0 proto kernel metric 256 pref medium', event: undefined },
  { line: 'netlink receive error No buffer space available (105)', event: undefined },
])('$line', ({ line, event }) => {
  expect(parseKernelEvent(line)).toEqual(event);
});
