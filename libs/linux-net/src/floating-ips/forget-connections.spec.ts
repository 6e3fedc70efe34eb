import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ipv4 } from '@novanet/net-address';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Command, CommandResult } from '../commands/command-runner.js';
import { forgetConnections } from './forget-connections.js';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'novanet-conntrack-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** A kernel with these connections. */
class FakeConntrack {
  executed = 0;
  readonly inputs: string[] = [];

  constructor(private readonly table: string) {}

  async run({ argv }: Command): Promise<CommandResult> {
    this.executed += 1;
    if (argv[1] === '-L') return { exitCode: 0, stdout: this.table, stderr: '' };
    this.inputs.push(await readFile(argv[2] ?? '', 'utf8'));
    return { exitCode: 0, stdout: '', stderr: '' };
  }
}

const TABLE = [
  'tcp      6 431999 ESTABLISHED src=198.51.100.9 dst=203.0.113.5 sport=5 dport=80 src=10.0.0.3 dst=198.51.100.9 sport=80 dport=5 [ASSURED] mark=0 use=1',
  'udp      17 28 src=10.0.0.4 dst=198.51.100.9 sport=5 dport=53 [UNREPLIED] src=198.51.100.9 dst=203.0.113.7 sport=53 dport=5 mark=0 use=1',
].join('\n');

const addresses = (count: number) => Array.from({ length: count }, (_, i) => Ipv4.parse(`203.0.113.${i}`));

test('a few addresses are named at once, by what came in and by what left', async () => {
  const conntrack = new FakeConntrack(TABLE);
  await forgetConnections(conntrack, directory, [Ipv4.parse('203.0.113.1'), Ipv4.parse('203.0.113.2')]);
  expect(conntrack.inputs).toEqual([
    '-D -d 203.0.113.1\n-D -q 203.0.113.1\n-D -d 203.0.113.2\n-D -q 203.0.113.2\n',
  ]);
  expect(conntrack.executed).toBe(1);
  expect(await readdir(directory)).toEqual([]);
});

test('of many only those are named that have connections', async () => {
  const conntrack = new FakeConntrack(TABLE);
  await forgetConnections(conntrack, directory, addresses(200));
  expect(conntrack.inputs).toEqual([
    '-D -d 203.0.113.5\n-D -q 203.0.113.5\n-D -d 203.0.113.7\n-D -q 203.0.113.7\n',
  ]);
});

test('many without connections are only looked for', async () => {
  const conntrack = new FakeConntrack('');
  await forgetConnections(conntrack, directory, addresses(200));
  expect(conntrack.executed).toBe(1);
});
