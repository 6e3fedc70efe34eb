import { getEventListeners } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '@novanet/testbed';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Spool } from './spool.js';

let spool: Spool;

beforeEach(async () => {
  spool = new Spool(await mkdtemp(join(tmpdir(), 'novanet-spool-')));
});
afterEach(() => rm(spool.directory, { recursive: true, force: true }));

describe('the spool', () => {
  it('takes files for events, and no directories', async () => {
    await mkdir(join(spool.directory, 'lost+found'));
    await writeFile(join(spool.directory, '101-7-1'), 'event');
    expect(await spool.names()).toEqual(['101-7-1']);
  });

  it('is read, and emptied, when its disk has no room for another file', async () => {
    await runCommand(['mount', '-t', 'tmpfs', '-o', 'nr_inodes=2', 'none', spool.directory]);
    try {
      await writeFile(join(spool.directory, '101-7-1'), 'event');
      await expect(writeFile(join(spool.directory, '102-7-1'), 'event')).rejects.toThrow('ENOSPC');
      expect(await spool.names()).toEqual(['101-7-1']);
      await spool.remove('101-7-1');
      expect(await spool.names()).toEqual([]);
    } finally {
      await runCommand(['umount', spool.directory]);
    }
  });

  it('leaves nothing with the signal that ends its waiting', async () => {
    const { signal } = new AbortController();
    for (let round = 0; round < 3; round += 1) await spool.waitForEvents(1, signal);
    await writeFile(join(spool.directory, '101-7-1'), 'event');
    await spool.waitForEvents(1000, signal);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('stops waiting when it is told to', async () => {
    const stopping = new AbortController();
    const waiting = spool.waitForEvents(2 ** 31 - 1, stopping.signal);
    stopping.abort();
    await expect(waiting).resolves.toBeUndefined();
  });
});
