import { describe, expect, it } from 'vitest';

import { measurement } from '../testing/measurement-fixture.js';
import { restartResult } from '../testing/restart-fixture.js';
import { judgeAssociations } from './targets.js';

const associate = { what: 'associate_floating_ip', associated: 200 };

describe('the targets of associations', () => {
  it("are a caller's latency at each size, the time of a restart, and no packet lost", () => {
    const calls = [
      measurement({ ...associate, p50: 40 }),
      measurement({ ...associate, associated: 7, p50: 15 }),
      measurement({ ...associate, atOnce: 8, p50: 1 }),
      measurement({ what: 'disassociate_floating_ip', p50: 1 }),
    ];
    const verdicts = judgeAssociations({ calls, restart: restartResult({ seconds: 1.5 }) });
    expect(verdicts.map(({ measured, ratio, isMet, nova }) => ({ measured, ratio, isMet, nova }))).toEqual([
      { measured: 40, ratio: 0.75, isMet: false, nova: 138 },
      { measured: 15, ratio: 2, isMet: true, nova: undefined },
      { measured: 1.5, ratio: 2, isMet: true, nova: 14.1 },
      { measured: 0, ratio: 1, isMet: true, nova: undefined },
    ]);
  });

  it('are missed by one lost packet, and by calls that all failed', () => {
    const calls = [measurement({ ...associate, p50: NaN })];
    const verdicts = judgeAssociations({ calls, restart: restartResult({ lost: 1 }) });
    expect(verdicts.map(({ isMet }) => isMet)).toEqual([false, true, false]);
  });

  it('compare with nova-network only a host of the size that was measured there', () => {
    const [verdict] = judgeAssociations({ calls: [], restart: restartResult({ instances: 20 }) });
    expect(verdict?.nova).toBeUndefined();
  });
});
