import { describe, expect, it } from 'vitest';
import { Budget } from './budget.js';
import { Faults } from './faults.js';

describe('a fault', () => {
  it('is fresh until the host is looked at, or until it is no fault any more', () => {
    const faults = new Faults();
    expect(faults.hear({ key: 'link br100', fault: 'br100 is down' })).toBe(true);
    expect(faults.fresh()).toEqual(['br100 is down']);
    expect(faults.hear({ key: 'link br100', fault: undefined })).toBe(false);
    expect(faults.fresh()).toEqual([]);
    faults.hear({ key: 'link br100', fault: 'br100 is down' });
    faults.take();
    expect(faults.fresh()).toEqual([]);
  });

  it('that a look did not mend is no news until it changes or was mended', () => {
    const faults = new Faults();
    const inOther = { key: 'link eth1', fault: 'eth1 is in br9' };
    faults.hear(inOther);
    faults.giveUp(faults.take());
    expect(faults.hear(inOther)).toBe(false);
    expect(faults.fresh()).toEqual([]);
    expect(faults.hear({ key: 'link eth1', fault: 'eth1 is in no bridge' })).toBe(true);
    faults.hear({ key: 'link eth1', fault: undefined });
    expect(faults.hear(inOther)).toBe(true);
  });

  it('that somebody saw, and did not only hear of, is always news', () => {
    const faults = new Faults();
    const dead = { key: 'server br100', fault: 'dead', isCertain: true };
    faults.hear(dead);
    faults.giveUp(faults.take());
    expect(faults.hear(dead)).toBe(true);
  });

  it('comes back when the look failed, unless something newer is known', () => {
    const faults = new Faults();
    faults.hear({ key: 'link br100', fault: 'br100 was deleted' });
    faults.hear({ key: 'link eth1', fault: 'eth1 is down' });
    const taken = faults.take();
    faults.hear({ key: 'link eth1', fault: 'eth1 was deleted' });
    faults.putBack(taken);
    expect(faults.fresh().toSorted()).toEqual(['br100 was deleted', 'eth1 was deleted']);
  });
});

it('a budget gives some at once, and then one after each interval', () => {
  const budget = new Budget(3, 1000, 0);
  expect([0, 0, 0].map((now) => budget.take(now))).toEqual([0, 0, 0]);
  expect(budget.take(0)).toBe(1000);
  expect(budget.take(400)).toBe(600);
  expect(budget.take(1000)).toBe(0);
  expect([10_000, 10_000, 10_000, 10_000].map((now) => budget.take(now))).toEqual([0, 0, 0, 1000]);
});
