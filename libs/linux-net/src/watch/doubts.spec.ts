import { expect, test } from 'vitest';
import { parseLinks } from '../links/link.js';
import { Doubts } from './doubts.js';
import { parseKernelEvent } from './kernel-event.js';

const LINKS = parseLinks(
  JSON.stringify([
    {
      ifname: 'br100',
      ifindex: 5,
      flags: ['UP'],
      mtu: 1500,
      address: '52:54:00:00:00:11',
      ifalias: 'novanet:created,eth1,fe80::a9fe:a9fe/128',
      addr_info: [
        { family: 'inet', local: '10.0.0.1', prefixlen: 24, scope: 'global' },
        { family: 'inet6', local: 'fe80::a9fe:a9fe', prefixlen: 128, scope: 'link' },
      ],
    },
    { ifname: 'tap1', ifindex: 6, flags: ['UP'], mtu: 1500, address: 'fe:16:3e:00:00:01', master: 'br100' },
  ]),
);

const line = (
  flags: string,
  mtu: number,
  more = '',
  tail = String.raw` \    alias novanet:created,eth1,fe80::a9fe:a9fe/128`,
) =>
  String.raw`5: br100: <${flags}> mtu ${mtu} qdisc noqueue ${more}state UP group default \    link/ether 52:54:00:00:00:11 brd ff:ff:ff:ff:ff:ff${tail}`;
const AS_IT_IS = line('BROADCAST,UP', 1500);
const TAP = String.raw`6: tap1: <UP> mtu 1500 qdisc noqueue master br100 state UP group default \    link/ether fe:16:3e:00:00:01 brd ff:ff:ff:ff:ff:ff`;
const address = (text: string, deleted = '') =>
  `${deleted}5: br100    inet ${text} scope global br100\\       valid_lft forever preferred_lft forever`;
const linkLocal = (text: string, deleted = '') =>
  `${deleted}5: br100    inet6 ${text} scope link \\       valid_lft forever`;

const after = (...lines: readonly string[]) => {
  const doubts = new Doubts();
  for (const text of lines) {
    const event = parseKernelEvent(text);
    if (event) doubts.hear(event);
  }
  return doubts;
};

test.each([
  { name: 'nothing', lines: [] },
  { name: 'what is remembered', lines: [AS_IT_IS, TAP, address('10.0.0.1/24')] },
  { name: 'our own steps on the way to it', lines: [line('BROADCAST', 1500, '', ''), AS_IT_IS] },
  {
    name: 'an address that came and went',
    lines: [address('203.0.113.5/32'), address('203.0.113.5/32', 'Deleted ')],
  },
  {
    name: 'a device that came and went',
    lines: [TAP.replace('6: tap1', '7: tap2'), `Deleted ${TAP.replace('6: tap1', '7: tap2')}`],
  },
  {
    name: 'an earlier device of the same name that went',
    lines: [`Deleted ${AS_IT_IS.replace('5:', '4:')}`],
  },
  { name: 'a link-local address of the kernel', lines: [linkLocal('fe80::1/64')] },
  { name: 'ours, that is there', lines: [linkLocal('fe80::a9fe:a9fe/128')] },
  { name: 'forwarding, which is not remembered', lines: ['inet all forwarding off rp_filter off'] },
])('$name puts nothing in doubt', ({ lines }) => {
  const doubts = after(...lines);
  expect(doubts.agreeWith(LINKS)).toBe(true);
  expect(doubts.agreeWith(LINKS)).toBe(true);
});

test.each([
  { name: 'a device that went', lines: [AS_IT_IS, `Deleted ${AS_IT_IS}`] },
  { name: 'a device that was made again', lines: [`Deleted ${AS_IT_IS}`, AS_IT_IS.replace('5:', '8:')] },
  { name: 'a device that is new', lines: [TAP.replace('6: tap1', '7: tap2')] },
  { name: 'a device that is down', lines: [line('BROADCAST', 1500)] },
  { name: 'another MTU', lines: [line('UP', 1400)] },
  { name: 'another master', lines: [line('UP', 1500, 'master br7 ')] },
  { name: 'another alias', lines: [line('UP', 1500, '', '')] },
  { name: 'another MAC', lines: [AS_IT_IS.replace('00:11 ', '00:12 ')] },
  { name: 'an address that came', lines: [address('203.0.113.5/32')] },
  { name: 'a link-local address of ours that went', lines: [linkLocal('fe80::a9fe:a9fe/128', 'Deleted ')] },
  { name: 'an address that went', lines: [address('10.0.0.1/24', 'Deleted ')] },
])('$name does, until somebody looks', ({ lines }) => {
  const doubts = after(...lines);
  expect(doubts.agreeWith(LINKS)).toBe(false);
  expect(doubts.agreeWith(LINKS)).toBe(false);
  doubts.clear();
  expect(doubts.agreeWith(LINKS)).toBe(true);
});

test('lost events put all in doubt', () => {
  const doubts = after(AS_IT_IS);
  doubts.lose();
  expect(doubts.agreeWith(LINKS)).toBe(false);
  doubts.clear();
  expect(doubts.agreeWith(LINKS)).toBe(true);
});
