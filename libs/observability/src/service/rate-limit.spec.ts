import { describe, expect, it } from 'vitest';
import { RateLimit } from './rate-limit.js';

describe('a rate limit of 2 a second', () => {
  function limitAt(start: number) {
    const clock = { ms: start };
    const limit = new RateLimit(2, () => clock.ms);
    const admitted = (caller: string, times: number) =>
      Array.from({ length: times }, () => limit.admits(caller)).filter(Boolean).length;
    return { clock, admitted };
  }

  it('lets ten seconds’ worth in at once, and then as much as time has passed', () => {
    const { clock, admitted } = limitAt(0);
    expect(admitted('10.0.0.3', 100)).toBe(20);
    clock.ms = 1500;
    expect(admitted('10.0.0.3', 100)).toBe(3);
    clock.ms = 3_600_000;
    expect(admitted('10.0.0.3', 100)).toBe(20);
  });

  it('says when somebody may ask again', () => {
    const clock = { ms: 0 };
    const limit = new RateLimit(0.25, () => clock.ms);
    while (limit.admits('p1'));
    expect(limit.secondsUntilNext('p1')).toBe(2);
    clock.ms = 1999;
    expect(limit.admits('p1')).toBe(false);
    expect(limit.secondsUntilNext('p1')).toBe(1);
    clock.ms = 2000;
    expect(limit.admits('p1')).toBe(true);
  });

  it('is each caller’s own', () => {
    const { admitted } = limitAt(0);
    expect(admitted('10.0.0.3', 100)).toBe(20);
    expect(admitted('10.0.0.4', 100)).toBe(20);
  });

  it('forgets those who have been quiet longest, and nobody else', () => {
    const { admitted } = limitAt(0);
    expect(admitted('first', 20)).toBe(20);
    expect(admitted('busy', 20)).toBe(20);
    for (let other = 0; other < 19_999; other += 1) {
      admitted(`other ${other}`, 1);
      admitted('busy', 1);
    }
    expect(admitted('busy', 1)).toBe(0);
    expect(admitted('first', 1)).toBe(1);
  });
});

it('no limit lets everything in', () => {
  const limit = new RateLimit(0);
  expect(Array.from({ length: 1000 }, () => limit.admits('10.0.0.3'))).not.toContain(false);
});
