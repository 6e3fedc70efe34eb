import { expect, it } from 'vitest';
import { instance } from '../testing/instance-fixture.js';
import { isSettling } from './settling.js';

const createdAt = new Date('2026-01-01T00:00:00Z');
const after = (seconds: number) => createdAt.getTime() + seconds * 1000;

it.each([
  { name: 'is told of', isRegistered: true, now: after(1), settling: false },
  { name: 'has its addresses for a moment', isRegistered: false, now: after(1), settling: true },
  { name: 'has them for long', isRegistered: false, now: after(30), settling: false },
  { name: 'has them from tomorrow on', isRegistered: false, now: after(-1), settling: false },
])('an instance that $name is about to be told of: $settling', ({ isRegistered, now, settling }) => {
  expect(isSettling({ ...instance, isRegistered, createdAt }, now)).toBe(settling);
});
