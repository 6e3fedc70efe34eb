import { describe, expect, it } from 'vitest';

import { judge } from '../allocate/targets.js';
import { measurement } from '../testing/measurement-fixture.js';
import { judgeCallers } from './callers-share.js';
import { renderReport } from './render-report.js';

const calls = [
  measurement({ atOnce: 1, network: '/8', p50: 10, perSecond: 95 }),
  measurement({ atOnce: 16, network: '/8', perSecond: 500, errors: ['MessagingTimeout: Timed out'] }),
];
const limits = [
  {
    what: 'fsync of the disk',
    atOnce: 1,
    speed: { perSecond: 3012, p50: 0.25, p95: 0.5, p99: 1 },
    errors: [],
  },
  measurement({ what: 'echo over the broker', atOnce: 1, perSecond: 475 }),
  measurement({ what: 'echo over the broker', atOnce: 16, perSecond: 1500 }),
];
const report = {
  machine: {
    processors: 'Some Processor',
    processorCount: 2,
    memoryGigabytes: 8,
    kernel: '6.1',
    node: 'v24.0.0',
    database: '10.11-MariaDB',
  },
  options: { calls: 200, callers: [1, 16], networks: [8], repeat: 3 },
  limits,
  calls,
  messagesPerCall: { allocate_for_instance: 2 },
  memory: { before: 120.2, after: 140 },
  targets: judge(calls),
};

it('a report tells limits, calls, targets and failures', async () => {
  await expect(renderReport(report)).toMatchFileSnapshot('__snapshots__/report.txt');
});

describe('callers', () => {
  it('are no bottleneck when an echo through them is much faster', () => {
    expect(judgeCallers(report)).toEqual({
      echoes: [
        { atOnce: 1, timesAsFast: 5 },
        { atOnce: 16, timesAsFast: 3 },
      ],
      processors: 0.5,
      areBottleneck: false,
    });
  });

  it('may be one when it is not', () => {
    const echo = measurement({ what: 'echo over the broker', atOnce: 16, perSecond: 700 });
    expect(judgeCallers({ limits: [echo], calls }).areBottleneck).toBe(true);
  });
});
