import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { listNamespaces, waitFor } from '@novanet/testbed';
import { describe, expect, it } from 'vitest';

import { lab, labProgram, machineState, processesNaming, tryLab } from '../testing/run-lab.js';

describe('the demo, npm start -- --once', () => {
  it('proves a cloud and leaves nothing behind, twice', async () => {
    const before = await machineState();
    for (let round = 1; round <= 2; round += 1) {
      const story = await lab('demo', '--once', '--lab', 'sysdemo');
      expect(story).toMatch(
        /address +instance demo got 10\.0\.0\.\d+\/24: NIC [0-9a-f:]{17}, tap\S{11} in br100 of h1\n/,
      );
      expect(story).toMatch(/lease +by DHCP from 10\.0\.0\.1, for 120 s, router 10\.0\.0\.1\n/);
      expect(story).toMatch(/metadata +http:\/\/169\.254\.169\.254 says that it is i-[0-9a-f]{8}, demo/);
      expect(story).toMatch(
        /outside +198\.51\.100\.1 answers ping in [\d.]+ ms, and sees the instance as 192\.0\.2\.11\n/,
      );
      expect(await machineState()).toEqual(before);
      expect((await listNamespaces()).filter((netns) => netns.startsWith('nvn-sysdemo-'))).toEqual([]);
      expect(processesNaming('labs/sysdemo/')).toEqual([]);
    }
  });

  it('says which port is taken, in one sentence', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    try {
      const { exitCode, stderr } = await tryLab(
        'demo',
        '--once',
        '--lab',
        'sysport',
        '--api-port',
        String(port),
      );
      expect(exitCode).toBe(1);
      expect(stderr.trimEnd().split('\n').at(-1)).toBe(
        `port ${port} of 127.0.0.1 is taken: end the program that listens there, or give another --api-port.`,
      );
      expect((await listNamespaces()).filter((netns) => netns.startsWith('nvn-sysport-'))).toEqual([]);
    } finally {
      server.close();
    }
  });

  it('cleans up after a run that was killed', async () => {
    const killed = spawn(process.execPath, [labProgram, 'up', '--lab', 'syskill'], { stdio: 'ignore' });
    const folder = join(import.meta.dirname, '../../../.novanet/labs/syskill/state.json');
    await waitFor(() => JSON.parse(readFileSync(folder, 'utf8')).isComplete === true, {
      limitMs: 60_000,
      what: 'the lab is up',
    });
    killed.kill('SIGKILL');
    const story = await tryLab('demo', '--once', '--lab', 'syskill');
    expect(story.stderr).toContain('was not taken down properly last time: cleaning up.');
    expect(story.exitCode).toBe(0);
    expect((await listNamespaces()).filter((netns) => netns.startsWith('nvn-syskill-'))).toEqual([]);
  });

  it('leaves a cloud of that name in peace, also one that starts at the same moment', async () => {
    const both = await Promise.all([
      tryLab('demo', '--once', '--lab', 'systwice'),
      tryLab('demo', '--once', '--lab', 'systwice'),
    ]);
    expect(both.map(({ exitCode }) => exitCode).toSorted((a, b) => a - b)).toEqual([0, 1]);
    expect(both.find(({ exitCode }) => exitCode === 1)?.stderr).toMatch(
      /^lab "systwice" is up already: .*\n$/,
    );
    expect((await listNamespaces()).filter((netns) => netns.startsWith('nvn-systwice-'))).toEqual([]);
  });
});
