import { open } from 'node:fs/promises';
import { join } from 'node:path';

import type { Round } from '../figures/speed.js';

/** Appends as a database's log does: a little, and then waits until the disk has it. */
export async function measureDisk(directory: string, times: number): Promise<Round> {
  const file = await open(join(directory, 'fsync'), 'a');
  const block = Buffer.alloc(512, 'x');
  const latencies: number[] = [];
  const started = performance.now();
  try {
    for (let i = 0; i < times; i += 1) {
      const begun = performance.now();
      await file.write(block);
      await file.datasync();
      latencies.push(performance.now() - begun);
    }
  } finally {
    await file.close();
  }
  return { seconds: (performance.now() - started) / 1_000, latencies, errors: [] };
}
