import type { Service } from '@novanet/ipam';
import { parseHostName } from '@novanet/net-address';
import { expect, test } from 'vitest';
import { callRoll } from './worker-findings.js';

const now = new Date('2026-03-01T12:00:00Z');
const [h1, h2] = ['h1', 'h2'].map(parseHostName);
const times = { now, downTimeSeconds: 60 };

function worker(seconds: number, changes: Partial<Service> = {}): Service {
  return {
    id: 1,
    host: parseHostName('h1'),
    binary: 'network-worker',
    topic: 'network',
    reportCount: 1,
    lastSeenAt: new Date(now.getTime() - seconds * 1000),
    isForcedDown: false,
    isDisabled: false,
    disabledReason: null,
    createdAt: now,
    ...changes,
  };
}

test.each([
  { name: 'reports', services: [worker(1)], problem: undefined, alive: ['h1'] },
  { name: 'was not heard of', services: [worker(61)], problem: 'its network worker is dead', alive: [] },
  {
    name: 'is forced down',
    services: [worker(1, { isForcedDown: true })],
    problem: 'its network worker is forced down',
    alive: [],
  },
  { name: 'never reported', services: [], problem: 'its network worker is dead', alive: [] },
  {
    name: 'is of another kind',
    services: [worker(1, { binary: 'other' })],
    problem: 'its network worker is dead',
    alive: [],
  },
])('a worker that is needed and $name: $problem', ({ services, problem, alive }) => {
  const roll = callRoll(services, new Set([h1!]), times);
  expect(roll.findings.map((finding) => finding.problem)).toEqual(problem === undefined ? [] : [problem]);
  expect(roll.checked).toEqual([{ check: 'worker', host: 'h1', ok: problem === undefined }]);
  expect(roll.alive).toEqual(alive);
});

test('a dead worker whom nobody needs is no matter', () => {
  const roll = callRoll([worker(1), worker(600, { host: h2! })], new Set([h1!]), times);
  expect(roll.findings).toEqual([]);
});
