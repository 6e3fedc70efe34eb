import { randomBytes } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { withLabLock } from './lab-lock.js';

describe('the lock of a lab', () => {
  const lab = `t${randomBytes(4).toString('hex')}`;

  it('lets one at a time in, and the next when the first is out', async () => {
    const events: string[] = [];
    const visit = (name: string) =>
      withLabLock(lab, async () => {
        events.push(`${name} in`);
        await new Promise((resolve) => setTimeout(resolve, 5));
        events.push(`${name} out`);
      });
    await Promise.all([visit('a'), visit('b')]);
    expect(events).toHaveLength(4);
    expect(events[1]).toBe(events[0]?.replace('in', 'out'));
    expect(events[3]).toBe(events[2]?.replace('in', 'out'));
  });

  it('is free again after a failure, and not shared by labs', async () => {
    const failed = withLabLock(lab, async () => Promise.reject(new Error('no')));
    await expect(failed).rejects.toThrow('no');
    expect(await withLabLock(lab, () => withLabLock(`${lab}2`, async () => 'both'))).toBe('both');
  });
});
