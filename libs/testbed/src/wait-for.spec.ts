import { describe, expect, it } from 'vitest';

import { waitFor, WaitedInVain } from './wait-for.js';

describe('waitFor', () => {
  it('asks until the answer is truthy, and returns it', async () => {
    let asked = 0;
    expect(await waitFor(() => ++asked > 2 && asked, { limitMs: 1_000, what: 'three', everyMs: 0 })).toBe(3);
  });

  it('takes an error for "not yet" and reports the last one at the limit', async () => {
    const waiting = waitFor(() => Promise.reject(new Error('nobody home')), {
      limitMs: 5,
      what: 'somebody opens',
      everyMs: 1,
    });
    await expect(waiting).rejects.toThrow(WaitedInVain);
    await expect(waiting).rejects.toThrow('waited 0.005 s in vain for: somebody opens: nobody home');
  });
});
