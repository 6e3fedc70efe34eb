import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@novanet/observability';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Delivery } from './delivery.js';
import type { LeaseEvent } from './lease-event.js';
import type { LeaseReporter } from './lease-reporter.js';
import { Spool } from './spool.js';

const PACE = { firstPause: 1, longestPause: 5, rescan: 200, stopLimit: 1000 };

/** A receiver that notes what it is told, and answers as the test says. */
class FakeReporter implements LeaseReporter {
  readonly told: string[] = [];
  tries = 0;
  answer: (event: LeaseEvent) => Promise<void> = () => Promise.resolve();

  async report(event: LeaseEvent) {
    this.tries += 1;
    await this.answer(event);
    this.told.push(`${event.kind} ${event.address.toString()}`);
  }

  isWorthRetrying(error: unknown) {
    return !(error instanceof Error && error.message === 'refused');
  }
}

let spool: Spool;
let reporter: FakeReporter;
let delivery: Delivery;
let lines: string[];

beforeEach(async () => {
  spool = new Spool(await mkdtemp(join(tmpdir(), 'novanet-delivery-')));
  reporter = new FakeReporter();
  lines = [];
  const log = createLogger('test', 'info', {
    write: (line) => lines.push(String(JSON.parse(line).msg)),
  });
  delivery = new Delivery(spool, reporter, log, PACE);
});
afterEach(async () => {
  await delivery.stop();
  await rm(spool.directory, { recursive: true, force: true });
  await rm(`${spool.directory}.gone`, { recursive: true, force: true });
});

async function spoolUp(name: string, content: string): Promise<void> {
  await mkdir(spool.directory, { recursive: true });
  await writeFile(join(spool.directory, '.new-test'), content);
  await rename(join(spool.directory, '.new-test'), join(spool.directory, name));
}
const given = (address: string) => `add fa:16:3e:00:00:01 ${address} 0\n`;
const isEmpty = async () => (await spool.names()).length === 0;

describe('events in the spool', () => {
  it('are told in order and removed', async () => {
    await spoolUp('102-7-1', given('10.0.0.2'));
    await spoolUp('101-7-9', given('10.0.0.1'));
    await spoolUp('.new-7-3', 'add fa');
    await spoolUp('.last-7', '102');
    delivery.start();
    await expect.poll(isEmpty).toBe(true);
    expect(reporter.told).toEqual(['given 10.0.0.1', 'given 10.0.0.2']);
    expect(await readdir(spool.directory)).toEqual(['.last-7', '.new-7-3']);
  });

  it('are noticed when they come', async () => {
    delivery.start();
    for (let each = 1; each <= 5; each += 1) {
      await spoolUp(`10${each}-7-1`, given(`10.0.0.${each}`));
      await expect.poll(() => reporter.told.length, { interval: 5 }).toBe(each);
    }
  });

  it('are noticed after the spool was deleted and made again', async () => {
    delivery.start();
    await rename(spool.directory, `${spool.directory}.gone`);
    await spoolUp('101-7-1', given('10.0.0.1'));
    await expect.poll(() => reporter.told).toEqual(['given 10.0.0.1']);
  });

  it('wait for the receiver, and say so once', async () => {
    let isThere = false;
    reporter.answer = () => (isThere ? Promise.resolve() : Promise.reject(new Error('no worker')));
    await spoolUp('101-7-1', given('10.0.0.1'));
    await spoolUp('102-7-1', given('10.0.0.2'));
    delivery.start();
    await expect.poll(() => reporter.tries).toBeGreaterThan(8);
    expect(() => delivery.check()).toThrow('no worker');
    isThere = true;
    await expect.poll(isEmpty).toBe(true);
    expect(reporter.told).toEqual(['given 10.0.0.1', 'given 10.0.0.2']);
    expect(() => delivery.check()).not.toThrow();
    expect(lines).toEqual([
      'lease events cannot be delivered, trying on',
      'lease events are delivered again',
    ]);
  });

  it('wait while the spool cannot be read, and say so', async () => {
    await rm(spool.directory, { recursive: true });
    await writeFile(spool.directory, 'in the way');
    delivery.start();
    await expect.poll(() => lines).toEqual(['lease events cannot be delivered, trying on']);
    expect(() => delivery.check()).toThrow('EEXIST');
    await rm(spool.directory);
    await spoolUp('101-7-1', given('10.0.0.1'));
    await expect.poll(() => reporter.told).toEqual(['given 10.0.0.1']);
    expect(() => delivery.check()).not.toThrow();
  });

  it.each(['', 'add', 'add fa:16:3e:00:00:01 10.0.0.1', 'add fa:16:3e:00:00:01 10.0.0.1 0\nadd fa'])(
    'that were written half are put aside: %j',
    async (half) => {
      await spoolUp('101-7-1', half);
      await spoolUp('102-7-1', given('10.0.0.2'));
      delivery.start();
      await expect.poll(isEmpty).toBe(true);
      expect(reporter.told).toEqual(['given 10.0.0.2']);
      expect(await readFile(join(spool.directory, 'rejected', '101-7-1'), 'utf8')).toBe(half);
    },
  );

  it('that are malformed are put aside, by name', async () => {
    await spoolUp('101-7-1', 'add nonsense');
    await spoolUp('102-7-1', given('10.0.0.2'));
    delivery.start();
    await expect.poll(isEmpty).toBe(true);
    expect(reporter.told).toEqual(['given 10.0.0.2']);
    expect(await readdir(join(spool.directory, 'rejected'))).toEqual(['101-7-1']);
    expect(lines).toEqual(['malformed lease event put aside']);
  });

  it('that are refused again and again are put aside, and do not hold up others', async () => {
    reporter.answer = (event) =>
      event.address.toString() === '10.0.0.1' ? Promise.reject(new Error('refused')) : Promise.resolve();
    await spoolUp('101-7-1', given('10.0.0.1'));
    await spoolUp('102-7-1', given('10.0.0.2'));
    delivery.start();
    await expect.poll(isEmpty).toBe(true);
    expect(reporter.told).toEqual(['given 10.0.0.2']);
    expect(reporter.tries).toBe(6);
    expect(await readdir(join(spool.directory, 'rejected'))).toEqual(['101-7-1']);
  });

  it('that are on their way when the service stops are finished; others stay', async () => {
    const underway = Promise.withResolvers<void>();
    reporter.answer = () => underway.promise;
    await spoolUp('101-7-1', given('10.0.0.1'));
    await spoolUp('102-7-1', given('10.0.0.2'));
    delivery.start();
    await expect.poll(() => reporter.tries).toBe(1);
    const stopped = delivery.stop();
    underway.resolve();
    await stopped;
    expect(reporter.told).toEqual(['given 10.0.0.1']);
    expect(await spool.names()).toEqual(['102-7-1']);
  });

  it('do not keep the service from stopping', async () => {
    reporter.answer = () => new Promise(() => undefined);
    await spoolUp('101-7-1', given('10.0.0.1'));
    delivery = new Delivery(spool, reporter, createLogger('test', 'fatal'), { ...PACE, stopLimit: 10 });
    delivery.start();
    await expect.poll(() => reporter.tries).toBe(1);
    await delivery.stop();
    expect(await spool.names()).toEqual(['101-7-1']);
  });
});
