import { expect, it } from 'vitest';

import { accountOf } from './ping-flow.js';

const answer = (at: number, number: number) =>
  `[${at.toFixed(6)}] 64 bytes from 198.18.0.1: icmp_seq=${number} ttl=63 time=0.05 ms\n`;

it('counts what was not answered, and the longest time without an answer', () => {
  const output = `PING 198.18.0.1 (198.18.0.1) 56(84) bytes of data.\n${answer(10, 1)}${answer(10.01, 2)}${answer(10.05, 5)}`;
  expect(accountOf(output)).toEqual({ sent: 5, lost: 2, longestGap: expect.closeTo(40, 1) });
});

it('takes an answer that comes twice, or late, for one', () => {
  expect(accountOf(`${answer(10, 2)}${answer(10, 2)}${answer(10, 1)}`)).toMatchObject({ sent: 2, lost: 0 });
});

it('takes an error message for no answer', () => {
  const refusal = '[10.000000] From 192.0.2.1 icmp_seq=1 Destination Host Unreachable\n';
  expect(accountOf(`${refusal}${answer(10, 2)}`)).toMatchObject({ sent: 2, lost: 1 });
});

it.each([
  { name: 'are under way at the end do not count', transmitted: 4, account: { sent: 2, lost: 0 } },
  { name: 'nobody answers any more are lost', transmitted: 500, account: { sent: 500, lost: 498 } },
])('packets that $name', ({ transmitted, account }) => {
  const summary = `\n--- 198.18.0.1 ping statistics ---\n${transmitted} packets transmitted, 2 received, 1% packet loss\n`;
  expect(accountOf(`${answer(10, 1)}${answer(10.01, 2)}${summary}`)).toMatchObject(account);
});
