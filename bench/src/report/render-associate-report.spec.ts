import { expect, it } from 'vitest';

import { judgeAssociations } from '../associate/targets.js';
import { measurement } from '../testing/measurement-fixture.js';
import { restartResult } from '../testing/restart-fixture.js';
import { renderAssociateReport } from './render-associate-report.js';

const limit = (what: string, p50: number, associated?: number) =>
  measurement({ what, p50, ...(associated !== undefined && { associated }) });

it('a report of associations is a page of tables', async () => {
  const result = {
    limits: [
      limit('durable commit of one row', 0.5),
      limit('echo over the broker', 1.5),
      limit('iptables-restore', 10, 200),
      limit('ip address add', 2, 200),
    ],
    calls: [
      measurement({ what: 'associate_floating_ip', associated: 200, p50: 28 }),
      measurement({ what: 'associate_floating_ip', associated: 200, atOnce: 8, errors: ['Timed out'] }),
    ],
    restart: restartResult(),
    megabytes: 150.4,
  };
  const machine = {
    processors: 'Some Processor',
    processorCount: 2,
    memoryGigabytes: 8,
    kernel: '6.1',
    node: 'v24.0.0',
    database: '10.11-MariaDB',
  };
  const restart = { instances: 500, floatingIps: 200, times: 3 };
  const options = { calls: 50, callers: [1, 8], sizes: [200], restart };
  const report = { machine, options, ...result, targets: judgeAssociations(result) };
  await expect(renderAssociateReport(report)).toMatchFileSnapshot('__snapshots__/associate-report.txt');
});
