import { setTimeout as delay } from 'node:timers/promises';
import { Ipv4 } from '@novanet/net-address';
import { describe, expect, it } from 'vitest';
import { HostConvergence } from './host-convergence.js';

/** A run that ends when the test says so. */
function controlledRuns() {
  const started: ((error?: Error) => void)[] = [];
  const run = () =>
    new Promise<number>((resolve, reject) => {
      const number = started.length + 1;
      started.push((error) => (error ? reject(error) : resolve(number)));
    });
  return { run, started };
}

describe('host convergence', () => {
  it('begins at once when nothing runs', async () => {
    const { run, started } = controlledRuns();
    const report = new HostConvergence(run).converge();
    started[0]?.();
    await expect(report).resolves.toBe(1);
  });

  it('gives a hundred requests that come during a run the one run after it', async () => {
    const { run, started } = controlledRuns();
    const convergence = new HostConvergence(run);
    const first = convergence.converge();
    const others = Array.from({ length: 100 }, () => convergence.converge());
    expect(started).toHaveLength(1);
    started[0]?.();
    await first;
    await expect.poll(() => started.length).toBe(2);
    started[1]?.();
    await expect(Promise.all(others)).resolves.toEqual(Array<number>(100).fill(2));
    expect(started).toHaveLength(2);
  });

  /** Each takes long enough to be worth a wait. */
  function countedRuns() {
    const count = { runs: 0 };
    const convergence = new HostConvergence(async () => {
      await delay(30);
      return (count.runs += 1);
    });
    return { count, convergence };
  }

  it('waits for those of a burst that are still to come', async () => {
    const { count, convergence } = countedRuns();
    const reports = [convergence.converge()];
    for (const end = performance.now() + 60; performance.now() < end; await delay(1)) {
      reports.push(convergence.converge());
    }
    await Promise.all(reports);
    expect(count.runs).toBe(2);
  });

  it('does not wait when all are here', async () => {
    const count = { runs: 0 };
    const run = async () => {
      await delay(100);
      return (count.runs += 1);
    };
    const convergence = new HostConvergence(run, () => 5);
    const first = convergence.converge();
    const others = Array.from({ length: 5 }, () => convergence.converge());
    await first;
    const startedAt = performance.now();
    await Promise.all(others);
    expect(performance.now() - startedAt).toBeLessThan(180);
    expect(count.runs).toBe(2);
  });

  it('lets two callers wait for nobody', async () => {
    const { count, convergence } = countedRuns();
    const first = convergence.converge();
    const second = convergence.converge();
    await first;
    const startedAt = performance.now();
    await second;
    expect(performance.now() - startedAt).toBeLessThan(60);
    expect(count.runs).toBe(2);
  });

  it('is not idle while a burst is waited for', async () => {
    const { count, convergence } = countedRuns();
    for (let caller = 0; caller < 4; caller += 1) void convergence.converge();
    await convergence.idle();
    expect(count.runs).toBe(2);
  });

  it('goes on after a run that failed, whose error only its own callers see', async () => {
    const { run, started } = controlledRuns();
    const convergence = new HostConvergence(run);
    const first = convergence.converge();
    const second = convergence.converge();
    started[0]?.(new Error('no database'));
    await expect(first).rejects.toThrow('no database');
    await expect.poll(() => started.length).toBe(2);
    started[1]?.();
    await expect(second).resolves.toBe(2);
  });

  it('never runs two at a time', async () => {
    let running = 0;
    let most = 0;
    const convergence = new HostConvergence(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    });
    const request = async () => {
      for (let count = 0; count < 20; count += 1) await convergence.converge();
    };
    await Promise.all(Array.from({ length: 8 }, request));
    expect(most).toBe(1);
  });

  it.each([
    { asked: ['drift', 'request', 'interval'], cause: 'request' },
    { asked: ['drift', 'interval'], cause: 'interval' },
    { asked: ['drift', 'drift'], cause: 'drift' },
  ] as const)('that is shared by $asked happens because of the $cause', async ({ asked, cause }) => {
    const causes: string[] = [];
    const convergence = new HostConvergence(async ({ cause: one }) => void causes.push(one));
    const first = convergence.converge('interval');
    await Promise.all([first, ...asked.map((one) => convergence.converge(one))]);
    await convergence.converge('drift');
    expect(causes).toEqual(['interval', cause, 'drift']);
  });

  it.each([
    { asked: ['request', 'port'], isLook: false },
    { asked: ['request', 'interval'], isLook: true },
    { asked: ['drift', 'request'], isLook: true },
    { asked: ['port', 'interval'], isLook: true },
  ] as const)('that is shared by $asked is a look: $isLook', async ({ asked, isLook }) => {
    const looks: boolean[] = [];
    const convergence = new HostConvergence(async ({ isLook: look }) => void looks.push(look));
    const first = convergence.converge('request');
    await Promise.all([first, ...asked.map((one) => convergence.converge(one))]);
    expect(looks).toEqual([false, isLook]);
  });

  it('tells a run what all who share it have changed, and the next one nothing of it', async () => {
    const changes: unknown[] = [];
    const convergence = new HostConvergence(async ({ changed }) => void changes.push([...changed]));
    const first = convergence.converge('request', 'filters');
    await Promise.all([
      first,
      convergence.converge('request', 'names'),
      convergence.converge('port'),
      convergence.converge('request', 'names'),
    ]);
    await convergence.converge('request', Ipv4.parse('203.0.113.5'));
    expect(changes).toEqual([['filters'], ['names', 'everything'], [Ipv4.parse('203.0.113.5')]]);
  });

  it('is idle when the last run has ended', async () => {
    const { run, started } = controlledRuns();
    const convergence = new HostConvergence(run);
    const first = convergence.converge();
    let isIdle = false;
    const idle = convergence.idle().then(() => (isIdle = true));
    expect(isIdle).toBe(false);
    started[0]?.();
    await Promise.all([first, idle]);
    expect(isIdle).toBe(true);
  });
});
